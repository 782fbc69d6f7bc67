package org.fanfare.interworking;

import org.fanfare.cpim.CpimMessage;
import org.fanfare.cpm.CpmHeader;
import org.fanfare.imdn.DispositionNotification;
import org.fanfare.imdn.DispositionRequest;
import org.fanfare.imdn.Imdn;
import org.fanfare.imdn.Imdns;
import org.fanfare.sip.SipRequest;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.OpaqueUri;
import org.fanfare.uri.Uri;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// What must be known of a message to report on it later (RFC 5438 7.2.1).
///
/// @param sender the address to which reports go in the end
/// @param recipient who reports
/// @param dateTime of the message, as written there
/// @param to CPIM To of the message
/// @param originalTo empty, or what an intermediary replaced
/// @param wanted nothing when reports are not asked for, or cannot be made
/// @param recordRoute by way of whom reports go
record ReportRequest(
        String sender,
        String recipient,
        String messageId,
        String dateTime,
        String to,
        String originalTo,
        String conversationId,
        Set<DispositionNotification> wanted,
        List<String> recordRoute) {

    private static final String BETWEEN = "\n";
    private static final String BETWEEN_ITEMS = "\t";
    private static final int FIELDS = 9;

    static ReportRequest of(SipRequest request, CpimMessage message) {
        var asked = DispositionRequest.of(message);
        var none = asked.messageId().isEmpty() || Imdns.isNotification(message); // RFC 5438 7.2.1
        return new ReportRequest(
                sender(request).uri().toString(),
                reporter(request.requestUri()).toString(),
                asked.messageId(),
                message.dateTime().orElse(""),
                message.to().stream().findFirst().map(a -> a.uri().toString()).orElse(""),
                asked.originalTo().stream().findFirst().map(a -> a.uri().toString()).orElse(""),
                request.header(CpmHeader.CONVERSATION_ID).orElse(""),
                none ? Set.of() : asked.wanted(),
                asked.recordRoute().stream().map(a -> a.uri().toString()).toList());
    }

    private static Uri reporter(Uri recipient) {
        return recipient instanceof OpaqueUri
                ? SmsAddress.of(recipient).map(SmsAddress::toTel).orElse(recipient)
                : recipient;
    }

    /// The asserted one: From may be anonymous.
    static NameAddress sender(SipRequest request) {
        return request.headerValues(CpmHeader.P_ASSERTED_IDENTITY).stream()
                .findFirst()
                .map(NameAddress::parse)
                .orElseGet(request::from);
    }

    boolean wants(DispositionNotification notification) {
        return wanted.contains(notification);
    }

    Imdn imdn(Imdn.Kind kind, Imdn.Status status) {
        return new Imdn(messageId, dateTime, to, originalTo, kind, status);
    }

    /// As one text, for [#parse].
    String toText() {
        return List.of(
                        sender,
                        recipient,
                        messageId,
                        dateTime,
                        to,
                        originalTo,
                        conversationId,
                        wanted.isEmpty() ? "" : DispositionNotification.format(wanted),
                        String.join(BETWEEN_ITEMS, recordRoute))
                .stream()
                .map(field -> field.replace(BETWEEN, " "))
                .collect(Collectors.joining(BETWEEN));
    }

    static ReportRequest parse(String text) {
        var fields = text.split(BETWEEN, -1);
        if (fields.length != FIELDS) {
            throw new IllegalArgumentException("report request: cut off or damaged");
        }
        return new ReportRequest(
                fields[0],
                fields[1],
                fields[2],
                fields[3],
                fields[4],
                fields[5],
                fields[6],
                DispositionNotification.parse(fields[7]),
                fields[8].isEmpty() ? List.of() : List.of(fields[8].split(BETWEEN_ITEMS, -1)));
    }
}
