package org.fanfare.pf;

import org.fanfare.cpim.CpimHeader;
import org.fanfare.cpim.CpimMessage;
import org.fanfare.cpm.CpmHeader;
import org.fanfare.cpm.Privacy;
import org.fanfare.cpm.ServiceId;
import org.fanfare.sip.SipDate;
import org.fanfare.wire.Octets;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/// Makes the object that is stored of a message (references k.2, Table 2 of 7.2.1.1). What comes
/// from the sender can end no header field and begin none (reliability B10).
final class HistoryObjects {

    private static final String ANONYMOUS = "<sip:anonymous@anonymous.invalid>";
    private static final String CPIM = "Message/CPIM";

    /// Octets of text in one encoded word (RFC 2047 2).
    private static final int WORD = 42;

    private HistoryObjects() {}

    /// With the content that goes to the recipients; one that is in a spool is put in by whoever
    /// has it.
    static HistoryObject of(Outgoing outgoing) {
        var message = outgoing.message();
        var request = message.request();
        var cpim = message.content().messages().stream().findFirst();
        var contributionId = message.contributionId().value();
        var messageId = messageId(message);
        var head = new StringBuilder();
        field(head, "From", from(message));
        field(head, "To", "<" + request.requestUriText() + ">"); // reading 39
        field(head, "Date", date(message));
        request.header("Subject").ifPresent(subject -> field(head, "Subject", encoded(subject)));
        field(head, CpmHeader.P_ASSERTED_SERVICE, message.assertedService());
        field(head, CpmHeader.CONVERSATION_ID, message.conversationId());
        field(head, CpmHeader.CONTRIBUTION_ID, contributionId);
        request.header(CpmHeader.IN_REPLY_TO_CONTRIBUTION_ID)
                .ifPresent(id -> field(head, CpmHeader.IN_REPLY_TO_CONTRIBUTION_ID, id));
        for (var value : request.headers().all(CpmHeader.ACCEPT_CONTACT)) {
            field(head, CpmHeader.ACCEPT_CONTACT, value);
        }
        field(head, "IMDN-Message-ID", messageId);
        field(head, "Message-Direction", "sent");
        cpim.flatMap(c -> c.header(CpimHeader.CPM_NAMESPACE, "Payload-Type"))
                .ifPresent(types -> field(head, "Payload-Type", types));
        field(head, "MIME-Version", "1.0");
        field(head, "Content-Type", contentType(outgoing, cpim));
        return new HistoryObject(
                message.originator().key(),
                folder(outgoing),
                contributionId,
                messageId,
                Octets.utf8(head.toString()),
                HistoryObject.Content.of(content(message)));
    }

    /// As in the folders of the clients (7.2.1.1/19.a): for one to many there is no one other
    /// party.
    private static String folder(Outgoing outgoing) {
        var message = outgoing.message();
        boolean toOne =
                !outgoing.toMany()
                        && message.content().lists().isEmpty()
                        && ServiceId.ofUrn(message.assertedService())
                                .filter(ServiceId::isGroup)
                                .isEmpty();
        if (toOne) {
            return message.request().requestUri().canonical();
        }
        var conversation = message.conversationId();
        return conversation.isEmpty() ? message.contributionId().value() : conversation;
    }

    private static String from(StandaloneMessage message) {
        var request = message.request();
        if (Privacy.parse(request.headers().all(CpmHeader.PRIVACY)).anonymityRequested()) {
            return ANONYMOUS; // I9
        }
        return request.header("Referred-By")
                .orElseGet(() -> message.originator().identities().getFirst().toString());
    }

    private static String date(StandaloneMessage message) {
        var given = message.lifetime().date();
        return given.isEmpty() ? SipDate.format(message.lifetime().receivedAt()) : given;
    }

    /// The sender's; or one made of what stays the same, so that the object is found again.
    private static String messageId(StandaloneMessage message) {
        var id = message.content().notifications().messageId();
        if (!id.isEmpty()) {
            return id;
        }
        var name = message.originator().key() + " " + message.contributionId();
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static String contentType(Outgoing outgoing, Optional<CpimMessage> cpim) {
        return outgoing.large().isPresent() || cpim.isPresent()
                ? CPIM
                : outgoing.message()
                        .content()
                        .rest()
                        .map(MessageContent.Body::contentType)
                        .orElse(CPIM);
    }

    private static Octets content(StandaloneMessage message) {
        var content = message.content();
        return content.messages().isEmpty()
                ? content.rest().map(MessageContent.Body::octets).orElse(Octets.EMPTY)
                : content.messages().getFirst().toOctets();
    }

    private static void field(StringBuilder head, String name, String value) {
        head.append(name).append(": ");
        value.chars().forEach(c -> head.append(c < ' ' || c == 0x7f ? ' ' : (char) c));
        head.append("\r\n");
    }

    /// Free text as encoded words where it is not ASCII (RFC 2047).
    private static String encoded(String text) {
        if (text.chars().allMatch(c -> c < 0x7f)) {
            return text;
        }
        var words = new StringBuilder();
        int from = 0;
        while (from < text.length()) {
            int to = from;
            while (to < text.length()
                    && utf8(text.substring(from, text.offsetByCodePoints(to, 1))).length <= WORD) {
                to = text.offsetByCodePoints(to, 1);
            }
            words.append(words.isEmpty() ? "" : " ")
                    .append("=?UTF-8?B?")
                    .append(Base64.getEncoder().encodeToString(utf8(text.substring(from, to))))
                    .append("?=");
            from = to;
        }
        return words.toString();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
