package org.fanfare.pf;

import org.fanfare.cpim.CpimMessage;
import org.fanfare.cpm.AcceptContact;
import org.fanfare.cpm.CpmHeader;
import org.fanfare.cpm.ReleaseVersion;
import org.fanfare.cpm.ServiceId;
import org.fanfare.pf.fanout.LegTemplate;
import org.fanfare.pf.fanout.LegTemplate.Place;
import org.fanfare.uri.Uri;

import java.util.UUID;

/// The MESSAGE in which a notification travels, by way of the core like any Pager Mode message (RFC
/// 5438 12.1.3.1, references g.3).
final class NotificationRequest {

    private NotificationRequest() {}

    /// @param key 16 octets from which all identities are made, so that one sent twice is the same
    /// @param from who reports
    /// @param conversationId of the message that it is about; empty for none
    static LegTemplate of(byte[] key, Uri from, String conversationId, CpimMessage cpim) {
        var request = LegTemplate.builder(key);
        request.text("MESSAGE ").place(Place.RECIPIENT).text(" SIP/2.0\r\n");
        request.place(Place.VIA).place(Place.BRANCH).text("\r\n").place(Place.ROUTE);
        request.text("Max-Forwards: 70\r\n");
        request.text("From: <" + from + ">;tag=").place(Place.FROM_TAG);
        request.text("\r\nTo: <")
                .place(Place.RECIPIENT)
                .text(">\r\nCall-ID: ")
                .place(Place.CALL_ID);
        request.text("\r\nCSeq: ").place(Place.SEQUENCE_NUMBER).text(" MESSAGE\r\n");
        Copies.field(request, CpmHeader.ACCEPT_CONTACT, AcceptContact.of(ServiceId.MSG).toString());
        if (!conversationId.isEmpty()) {
            Copies.field(request, CpmHeader.CONVERSATION_ID, conversationId);
        }
        Copies.field(request, CpmHeader.CONTRIBUTION_ID, UUID.nameUUIDFromBytes(key).toString());
        Copies.field(request, CpmHeader.P_ASSERTED_IDENTITY, "<" + from + ">");
        Copies.field(request, CpmHeader.P_ASSERTED_SERVICE, ServiceId.MSG.urn());
        Copies.field(request, CpmHeader.USER_AGENT, ReleaseVersion.OMA_2_2.serverProduct());
        Copies.field(request, "Content-Type", "message/cpim");
        request.text("Content-Length: ").place(Place.CONTENT_LENGTH).text("\r\n\r\n");
        return request.body().octets(cpim.toOctets()).build();
    }
}
