# An SMSC on Net::SMPP: takes what is submitted, prints it, and tells that it was delivered.
use strict;
use warnings;
use Net::SMPP;

my ($port) = @ARGV;
my $next = 0;
$| = 1;
my $listener = Net::SMPP->new_listen('127.0.0.1', port => $port, async => 1) or die "listen: $!";
print "SMSC\n";
while (1) {
    my $smpp = $listener->accept or next;
    $smpp->set_version(0x34);
    while (my $pdu = $smpp->read_pdu) {
        my $name = Net::SMPP::pdu_tab->{$pdu->{cmd}}{cmd} // 'unknown';
        if ($name eq 'bind_transceiver') {
            my $ok = $pdu->{system_id} eq 'fanfare' && $pdu->{password} eq 'secret';
            $smpp->bind_transceiver_resp(
                system_id => 'smsc', seq => $pdu->{seq}, status => $ok ? 0 : 0x0e);
            print "BIND ", ($ok ? 'right' : 'wrong'), "\n";
        } elsif ($name eq 'enquire_link') {
            $smpp->enquire_link_resp(seq => $pdu->{seq});
        } elsif ($name eq 'submit_sm') {
            my $id = sprintf '%08x', ++$next * 7_919;
            $smpp->submit_sm_resp(message_id => $id, seq => $pdu->{seq});
            print "SUBMIT to=$pdu->{destination_addr} coding=$pdu->{data_coding}",
                " class=$pdu->{esm_class} hex=", unpack('H*', $pdu->{short_message}), "\n";
            next unless $pdu->{registered_delivery} & 1;
            $smpp->deliver_sm(
                source_addr => $pdu->{destination_addr},
                destination_addr => $pdu->{source_addr},
                esm_class => 0x04,
                short_message => "id:\U$id\E sub:001 dlvrd:001 submit date:2601010000"
                    . " done date:2601010001 stat:DELIVRD err:000 text:",
                async => 1);
        } elsif ($name eq 'deliver_sm_resp') {
            print "RECEIPT status=$pdu->{status}\n";
        } elsif ($name eq 'unbind') {
            $smpp->unbind_resp(seq => $pdu->{seq});
            last;
        }
    }
    print "GONE\n";
}
