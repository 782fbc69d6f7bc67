package org.fanfare.pf;

import org.fanfare.cpim.CpimAddress;
import org.fanfare.cpim.CpimMessage;
import org.fanfare.cpm.AcceptContact;
import org.fanfare.cpm.CpmHeader;
import org.fanfare.cpm.ReleaseVersion;
import org.fanfare.cpm.ServiceId;
import org.fanfare.imdn.Imdn;
import org.fanfare.imdn.Imdns;
import org.fanfare.pf.fanout.LegTemplate;
import org.fanfare.pf.fanout.LegTemplate.Place;
import org.fanfare.uri.Uri;

import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

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
        var request = LegTemplate.builder(key);
        request.text("MESSAGE ").place(Place.RECIPIENT).text(" SIP/2.0\r\n");
        request.place(Place.VIA).place(Place.BRANCH).text("\r\n").place(Place.ROUTE);
        request.text("Max-Forwards: 70\r\n");
        request.text("From: <" + us + ">;tag=").place(Place.FROM_TAG);
        request.text("\r\nTo: <")
                .place(Place.RECIPIENT)
                .text(">\r\nCall-ID: ")
                .place(Place.CALL_ID);
        request.text("\r\nCSeq: ").place(Place.SEQUENCE_NUMBER).text(" MESSAGE\r\n");
        field(request, CpmHeader.ACCEPT_CONTACT, AcceptContact.of(ServiceId.MSG).toString());
        if (!conversationId.isEmpty()) {
            field(request, CpmHeader.CONVERSATION_ID, conversationId);
        }
        field(request, CpmHeader.CONTRIBUTION_ID, UUID.nameUUIDFromBytes(key).toString());
        field(request, CpmHeader.P_ASSERTED_IDENTITY, "<" + us + ">");
        field(request, CpmHeader.P_ASSERTED_SERVICE, ServiceId.MSG.urn());
        field(request, CpmHeader.USER_AGENT, ReleaseVersion.OMA_2_2.serverProduct());
        field(request, "Content-Type", "message/cpim");
        request.text("Content-Length: ").place(Place.CONTENT_LENGTH).text("\r\n\r\n");
        return request.body().octets(cpim.toOctets()).build();
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

    private static void field(LegTemplate.Builder request, String name, String value) {
        request.text(name + ": " + value + "\r\n");
    }
}
