package org.fanfare.pf;

import org.fanfare.cpim.CpimAddress;
import org.fanfare.cpim.CpimMessage;
import org.fanfare.imdn.Imdn;
import org.fanfare.imdn.Imdns;
import org.fanfare.pf.fanout.LegTemplate;
import org.fanfare.uri.Uri;

import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;

/// The IMDN that says that a recipient did not get a message: from the EXPLODER-URI to the sender,
/// by way of the core like any Pager Mode message (RFC 5438 12.2, references g.3, g.4).
///
/// @param us the address that it comes from
/// @param sender where it goes
/// @param messageId imdn.Message-ID of the message it is about
/// @param dateTime CPIM DateTime of that message, as written there
/// @param conversationId of that message, empty for none
/// @param template of that message's copies: what a report has of its own is derived from it, so
///   that one sent twice is the same
record NegativeDelivery(
        Uri us,
        String sender,
        String messageId,
        String dateTime,
        String conversationId,
        LegTemplate template,
        InstantSource clock) {

    /// The request that reports one recipient.
    LegTemplate about(int recipient, String uri) {
        var key = template.keyOfReport(recipient);
        var cpim = cpim(HexFormat.of().formatHex(key), uri);
        return NotificationRequest.of(key, us, conversationId, cpim);
    }

    private CpimMessage cpim(String id, String recipient) {
        var failed =
                new Imdn(
                        messageId, dateTime, recipient, "", Imdn.Kind.DELIVERY, Imdn.Status.FAILED);
        return Imdns.carry(
                        CpimAddress.of(us),
                        CpimAddress.of(Uri.parse(sender)),
                        id,
                        clock.instant(),
                        List.of(failed))
                .build();
    }
}
