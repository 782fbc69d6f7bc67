package org.fanfare.mime;

import java.util.Locale;

/// A Content-Disposition value (RFC 2183 2; RFC 3261 20.11 for `handling`). The type is kept in
/// lower case.
public record ContentDisposition(String type, MimeParameters parameters) {

    /// RFC 5363 4.1: the part that says where the message goes.
    public static final String RECIPIENT_LIST = "recipient-list";

    /// RFC 5438 7.2.1: the part is about another message.
    public static final String NOTIFICATION = "notification";

    public ContentDisposition {
        type = type.toLowerCase(Locale.ROOT);
    }

    public static ContentDisposition of(String type) {
        return new ContentDisposition(type, MimeParameters.NONE);
    }

    public static ContentDisposition parse(String value) {
        return parse(value, 0);
    }

    /// `offset` is where the value stands in what was received, for the complaint.
    public static ContentDisposition parse(String value, int offset) {
        var scanner = new FieldScanner("Content-Disposition", value, offset);
        return new ContentDisposition(scanner.expectToken("type"), scanner.expectParameters());
    }

    /// Whoever does not understand the part must refuse the message (RFC 3261 20.11: the default).
    public boolean handlingRequired() {
        return !parameters.value("handling").orElse("required").equalsIgnoreCase("optional");
    }

    @Override
    public String toString() {
        return type + parameters;
    }
}
