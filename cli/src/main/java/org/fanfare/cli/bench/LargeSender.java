package org.fanfare.cli.bench;

import org.fanfare.cpm.EndReason;
import org.fanfare.msrp.ContentSource;
import org.fanfare.msrp.MsrpEndpoint;
import org.fanfare.msrp.MsrpLimits;
import org.fanfare.msrp.MsrpReceiver;
import org.fanfare.msrp.MsrpUri;
import org.fanfare.msrp.OutgoingContent;
import org.fanfare.sdp.MessageMedia;
import org.fanfare.sdp.SessionDescription;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.dialog.DialogLayer;
import org.fanfare.sip.dialog.DialogSettings;
import org.fanfare.sip.dialog.SessionEnd;
import org.fanfare.sip.dialog.SessionListener;
import org.fanfare.sip.transaction.TransactionLayer;
import org.fanfare.sip.transaction.WheelTimers;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.TransportLayer;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/// Sends large one-to-many messages to the server under load, one after another.
final class LargeSender implements AutoCloseable {

    private static final int SENDERS = 64;
    private static final int BLOCK = 1 << 20;

    private final WheelTimers timers = new WheelTimers();
    private final DialogLayer dialogs;
    private final TransactionLayer transactions;
    private final MsrpEndpoint media;
    private final Hop server;
    private final byte[] block = new byte[BLOCK];
    private int next;

    /// @param chunk octets of content in a chunk; 0 is one interruptible chunk
    LargeSender(InetSocketAddress server, int chunk) throws IOException {
        this.server = Hop.tcp(server);
        new Random(1).nextBytes(block);
        dialogs =
                new DialogLayer(
                        transaction ->
                                transaction.respond(transaction.request().answer(405).build()),
                        DialogSettings.DEFAULT);
        transactions =
                new TransactionLayer(TransportLayer.builder().host("127.0.0.1"), dialogs, timers);
        dialogs.attach(transactions);
        transactions.start();
        var limits = MsrpLimits.DEFAULT;
        media =
                MsrpEndpoint.builder()
                        .limits(limits.withSending(chunk, limits.unacknowledgedOctets()))
                        .start();
    }

    /// Sends one of so many octets, and returns when the server has accepted it.
    void send(List<String> recipients, int size) throws IOException, InterruptedException {
        int number = next++;
        var sender = "sip:sender" + number % SENDERS + "@home.example";
        try (var session = media.open(MsrpReceiver.REFUSING)) {
            var answer = new CompletableFuture<SipResponse>();
            var invite = invite(number, sender, session.localPath(), recipients, size);
            var dialog = dialogs.invite(invite, server, new Answer(answer));
            var remote =
                    MessageMedia.of(SessionDescription.parse(answer.join().body(), Limits.DEFAULT));
            session.connect(remote.path().stream().map(MsrpUri::parse).toList());
            var result =
                    session.send(
                            OutgoingContent.of(
                                    session.newMessageId(),
                                    "message/cpim",
                                    size,
                                    content(sender, number, size)));
            dialog.end(EndReason.COMPLETED);
            if (!result.isComplete()) {
                throw new IOException("the server under load answered " + result);
            }
        }
    }

    private ContentSource content(String sender, int number, int size) {
        var headers = ByteBuffer.wrap(cpim(sender, number).getBytes(StandardCharsets.UTF_8));
        return new ContentSource() {
            private int at;

            @Override
            public int read(ByteBuffer target) {
                var source = at < headers.limit() ? headers : ByteBuffer.wrap(block);
                int from = at < headers.limit() ? at : at % BLOCK;
                int count =
                        Math.min(Math.min(size - at, target.remaining()), source.limit() - from);
                if (count == 0) {
                    return -1;
                }
                target.put(source.slice(from, count));
                at += count;
                return count;
            }
        };
    }

    private static String cpim(String sender, int number) {
        return """
        From: <%s>
        To: <sip:exploder@home.example>
        DateTime: 2026-03-01T12:00:00Z
        NS: imdn <urn:ietf:params:imdn>
        imdn.Message-ID: m%d

        Content-Type: video/mp4

        """
                .formatted(sender, number)
                .replace("\n", "\r\n");
    }

    private static SipRequest invite(
            int number, String sender, MsrpUri path, List<String> recipients, int size) {
        var body = body(path, recipients, size);
        return SipRequest.builder(Method.INVITE, Uri.parse("sip:exploder@home.example"))
                .header("Max-Forwards", "70")
                .header("From", "<" + sender + ">;tag=" + number)
                .header("To", "<sip:exploder@home.example>")
                .header("Call-ID", "bench-" + number + "-" + System.nanoTime())
                .header("CSeq", "1 INVITE")
                .header("Contact", "<sip:sender@127.0.0.1;transport=tcp>")
                .header(
                        "Accept-Contact",
                        "*;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.largemsg\"")
                .header("P-Asserted-Identity", "<" + sender + ">")
                .header(
                        "P-Asserted-Service",
                        "urn:urn-7:3gpp-service.ims.icsi.oma.cpm.largemsg.group")
                .header("Supported", "timer")
                .header("Require", "recipient-list-invite")
                .header("Conversation-ID", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6")
                .header("Contribution-ID", "bench-" + number)
                .header("User-Agent", "CPM-client/OMA2.2")
                .body("multipart/mixed;boundary=\"b1\"", Octets.utf8(body))
                .build();
    }

    private static String body(MsrpUri path, List<String> recipients, int size) {
        var entries =
                recipients.stream()
                        .map(uri -> "<entry uri=\"" + uri + "\"/>\n")
                        .collect(Collectors.joining());
        return """
        --b1
        Content-Type: application/sdp

        v=0
        o=- 1 1 IN IP4 127.0.0.1
        s=-
        c=IN IP4 127.0.0.1
        t=0 0
        m=message %d TCP/MSRP *
        a=sendonly
        a=accept-types:message/cpim
        a=accept-wrapped-types:video/mp4
        a=file-selector:size:%d
        a=setup:actpass
        a=path:%s

        --b1
        Content-Type: application/resource-lists+xml
        Content-Disposition: recipient-list

        <?xml version="1.0" encoding="UTF-8"?>
        <resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list>
        %s</list></resource-lists>
        --b1--
        """
                .formatted(path.port(), size, path, entries)
                .replace("\n", "\r\n");
    }

    private record Answer(CompletableFuture<SipResponse> answer) implements SessionListener {

        @Override
        public void onAnswered(SipResponse response) {
            answer.complete(response);
        }

        @Override
        public void onEnded(SessionEnd end) {
            answer.completeExceptionally(new IOException("the server under load: " + end));
        }
    }

    @Override
    public void close() {
        media.close();
        transactions.close();
        timers.close();
    }
}
