package org.fanfare.mime;

import java.util.Locale;
import java.util.Optional;

/// A Content-Type value (RFC 2045 5.1). Type and subtype are kept in lower case.
public record MediaType(String type, String subtype, MimeParameters parameters) {

    public static final MediaType TEXT_PLAIN = of("text", "plain");
    public static final MediaType CPIM = of("message", "cpim");
    public static final MediaType IMDN = of("message", "imdn+xml");
    public static final MediaType RESOURCE_LISTS = of("application", "resource-lists+xml");
    public static final MediaType MULTIPART_MIXED = of("multipart", "mixed");

    public MediaType {
        type = type.toLowerCase(Locale.ROOT);
        subtype = subtype.toLowerCase(Locale.ROOT);
    }

    public static MediaType of(String type, String subtype) {
        return new MediaType(type, subtype, MimeParameters.NONE);
    }

    public static MediaType parse(String value) {
        return parse(value, 0);
    }

    /// `offset` is where the value stands in what was received, for the complaint.
    public static MediaType parse(String value, int offset) {
        var scanner = new FieldScanner("Content-Type", value, offset);
        var type = scanner.expectToken("type");
        scanner.expect('/');
        var subtype = scanner.expectToken("subtype");
        return new MediaType(type, subtype, scanner.expectParameters());
    }

    /// Type and subtype are these, whatever the parameters.
    public boolean is(MediaType other) {
        return type.equals(other.type) && subtype.equals(other.subtype);
    }

    public boolean isMultipart() {
        return type.equals("multipart");
    }

    public Optional<String> parameter(String name) {
        return parameters.value(name);
    }

    public MediaType with(String name, String value) {
        return new MediaType(type, subtype, parameters.with(name, value));
    }

    /// `type/subtype` without parameters.
    public String essence() {
        return type + "/" + subtype;
    }

    @Override
    public String toString() {
        return essence() + parameters;
    }
}
