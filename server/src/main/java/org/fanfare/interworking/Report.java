package org.fanfare.interworking;

import org.fanfare.cpim.CpimAddress;
import org.fanfare.cpim.CpimHeader;
import org.fanfare.cpim.CpimMessage;
import org.fanfare.imdn.Imdn;
import org.fanfare.imdn.Imdns;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Octets;

import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/// A disposition notification that an intermediary sends in a MESSAGE of its own.
///
/// @param key 16 octets of which its identities are made: sent again, it is the same
/// @param from who reports
/// @param to where the MESSAGE goes
/// @param conversationId of the message that it is about; empty for none
public record Report(Octets key, Uri from, Uri to, String conversationId, CpimMessage cpim) {

    /// Sends reports. Returns at once.
    public interface Sender {

        /// Sends one, and again when that fails in a way that may pass.
        ///
        /// @param ended called once, when it was taken or will never be
        void send(Report report, Runnable ended);
    }

    /// About the message of a request (RFC 5438 7.2.1, 7.2.1.2).
    static Report of(Octets key, ReportRequest about, Imdn imdn, Instant now) {
        var from = Uri.parse(about.recipient());
        var sender = Uri.parse(about.sender());
        var cpim =
                Imdns.carry(
                        CpimAddress.of(from),
                        CpimAddress.of(sender),
                        HexFormat.of().formatHex(key.toByteArray()),
                        now,
                        List.of(imdn));
        for (var route : about.recordRoute()) {
            cpim.header(CpimHeader.IMDN_NAMESPACE, "IMDN-Route", CpimAddress.of(Uri.parse(route)));
        }
        var to = about.recordRoute().isEmpty() ? sender : Uri.parse(about.recordRoute().getFirst());
        return new Report(key, from, to, about.conversationId(), cpim.build());
    }
}
