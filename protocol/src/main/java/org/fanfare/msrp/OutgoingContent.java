package org.fanfare.msrp;

import org.fanfare.wire.Octets;

import java.util.List;

/// A message to send.
///
/// @param messageId 4 to 32 characters, unique in the session; see [MsrpSession#newMessageId]
/// @param contentType of the content, with parameters
/// @param fields others of MIME, such as Content-Disposition
/// @param length octets of the content, or -1 when not known before its end
/// @param source its octets
/// @param failureReport what to ask for; with anything but YES nobody says that a chunk has come,
///   so a message counts as complete when it is written
/// @param successReport whether to ask for a REPORT when all is there
public record OutgoingContent(
        String messageId,
        String contentType,
        List<MsrpFields.Field> fields,
        long length,
        ContentSource source,
        FailureReport failureReport,
        boolean successReport) {

    public OutgoingContent {
        fields = List.copyOf(fields);
        if (!MsrpFields.isIdent(messageId)) {
            throw new IllegalArgumentException("message id: none of RFC 4975: " + messageId);
        }
        if (length < -1) {
            throw new IllegalArgumentException("length: must be at least -1, is " + length);
        }
        checkLine(contentType);
        fields.forEach(field -> checkLine(field.name() + field.value()));
    }

    private static void checkLine(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' && text.charAt(i) != '\t') {
                throw new IllegalArgumentException("header field: a control character in it");
            }
        }
    }

    /// With a response for each chunk and no other reports.
    public static OutgoingContent of(
            String messageId, String contentType, long length, ContentSource source) {
        return new OutgoingContent(
                messageId, contentType, List.of(), length, source, FailureReport.YES, false);
    }

    public static OutgoingContent of(String messageId, String contentType, Octets content) {
        return of(
                messageId, contentType, content.length(), ContentSource.of(content.asByteBuffer()));
    }

    public OutgoingContent withReports(FailureReport failure, boolean success) {
        return new OutgoingContent(
                messageId, contentType, fields, length, source, failure, success);
    }
}
