package org.fanfare.cpim;

import org.fanfare.mime.HeaderLines;
import org.fanfare.mime.MimeEntity;
import org.fanfare.wire.Leniency;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Reads a CPIM message: headers, an empty line, MIME header fields of the content, an empty line,
/// content (RFC 3862 2).
final class CpimReader {

    private static final String HEADERS = "RFC 3862 2.2";
    private static final String CONTENT = "RFC 3862 2.4";
    private static final String CONTENT_TYPE = "Content-Type:";

    private final Octets octets;
    private final Limits limits;
    private final HeaderLines lines;
    private final List<CpimHeader> headers = new ArrayList<>();
    private final Map<String, String> namespaces = new HashMap<>();

    /// MIME header fields that stand among the headers, as handsets and the examples of RFC 5438
    /// have them; each with its continuation lines.
    private final List<String> strayFields = new ArrayList<>();

    CpimReader(Octets octets, Limits limits) {
        this.octets = octets;
        this.limits = limits;
        this.lines = new HeaderLines(octets, 0, "CPIM header", HEADERS, limits.cpimHeadOctets());
        namespaces.put("", CpimHeader.CPIM_NAMESPACE);
    }

    CpimMessage read() {
        int count = 0;
        while (lines.advance()) {
            if (++count > limits.cpimHeaderFields()) {
                throw lines.malformed(
                        "more than " + limits.cpimHeaderFields() + " headers", lines.start());
            }
            readLine();
        }
        if (!lines.blankLineSeen()) {
            throw lines.malformed(
                    "expected an empty line after the headers, found the end", octets.length());
        }
        var content = readContent();
        return new CpimMessage(octets, headers, content, lines.after());
    }

    private void readLine() {
        if (lines.isContinuation()) {
            continueStrayField();
            return;
        }
        int colon = lines.colon();
        if (colon <= lines.start()) {
            throw lines.malformed("expected \"Name: value\"", lines.start());
        }
        var name = octets.slice(lines.start(), colon).ascii();
        checkName(name);
        if (name.regionMatches(true, 0, "Content-", 0, 8)) {
            strayFields.add(lines.text(lines.start(), lines.end(), false));
            return;
        }
        readHeader(name, colon);
    }

    private void checkName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!CpimHeader.isNameCharacter(c) && (c != '.' || i == 0)) {
                throw lines.malformed("expected a header name before the colon", lines.start() + i);
            }
        }
    }

    private void continueStrayField() {
        if (strayFields.isEmpty()) {
            throw lines.malformed("expected no blank at the start of a line", lines.start());
        }
        var text = lines.text(lines.start(), lines.end(), true);
        strayFields.set(strayFields.size() - 1, strayFields.getLast() + " " + text);
    }

    private void readHeader(String fullName, int colon) {
        int dot = fullName.indexOf('.');
        var prefix = dot < 0 ? "" : fullName.substring(0, dot);
        var name = fullName.substring(dot + 1);
        var parameters = CpimParameters.read(lines.text(colon + 1, lines.end(), false));
        int from = colon + 1 + parameters.length();
        noteBlanks(from);
        var value = lines.text(from, lines.end(), false);
        while (from < lines.end() && octets.at(from) == ' ') {
            from++;
        }
        var header =
                new CpimHeader(
                        octets.slice(lines.start(), lines.end()).utf8(),
                        namespace(prefix),
                        name,
                        parameters.language(),
                        value,
                        from);
        headers.add(header);
        if (prefix.isEmpty() && name.equals("NS")) {
            var declared = CpimNamespace.parse(header);
            namespaces.put(declared.prefix(), declared.uri());
        }
    }

    private void noteBlanks(int from) {
        int length = lines.end() - from;
        boolean one = length > 0 && octets.at(from) == ' ';
        if (length > 0 && (!one || (length > 1 && octets.at(from + 1) == ' '))) {
            Leniency.CPIM_BLANK.taken();
        }
        if (length > 1 && octets.at(lines.end() - 1) == ' ') {
            Leniency.CPIM_TRAILING_BLANK.taken();
        }
    }

    /// `imdn` and `cpm` are known to everybody who uses CPIM for CPM, as RFC 3862 6 allows; phones
    /// lean on that.
    private String namespace(String prefix) {
        var declared = namespaces.get(prefix);
        if (declared != null) {
            return declared;
        }
        return switch (prefix) {
            case "imdn" -> predefined(CpimHeader.IMDN_NAMESPACE);
            case "cpm" -> predefined(CpimHeader.CPM_NAMESPACE);
            default -> "";
        };
    }

    private static String predefined(String namespace) {
        Leniency.CPIM_UNDECLARED_PREFIX.taken();
        return namespace;
    }

    private MimeEntity readContent() {
        var rest = octets.from(lines.after());
        try {
            return hasStrayType() ? contentBesideStrayFields(rest) : properContent(rest);
        } catch (MalformedMessage e) {
            throw new MalformedMessage(
                    e.reason(), lines.after() + e.offset(), e.section(), e.sipStatus());
        }
    }

    private boolean hasStrayType() {
        return strayFields.stream()
                .anyMatch(field ->
                        field.regionMatches(true, 0, CONTENT_TYPE, 0, CONTENT_TYPE.length()));
    }

    private MimeEntity properContent(Octets rest) {
        if (rest.isEmpty()) {
            throw new MalformedMessage("content: expected MIME header fields", 0, CONTENT);
        }
        var content = MimeEntity.parse(rest, limits);
        if (content.headers().first("Content-Type").isEmpty()) {
            for (var field : content.headers()) {
                if (!field.name().toLowerCase(Locale.ROOT).startsWith("content-")) {
                    throw new MalformedMessage(
                            "content: expected Content-Type, found " + field.name(), 0, CONTENT);
                }
            }
            Leniency.CPIM_NO_CONTENT_TYPE.taken();
        }
        content.contentType();
        return content;
    }

    /// What follows is the content itself, unless it starts with a block of MIME header fields that
    /// has a Content-Type: then it is what RFC 3862 wants there.
    private MimeEntity contentBesideStrayFields(Octets rest) {
        Leniency.CPIM_CONTENT_TYPE_IN_HEADERS.taken();
        try {
            var proper = MimeEntity.parse(rest, limits);
            if (proper.headers().first("Content-Type").isPresent()) {
                proper.contentType();
                return proper;
            }
        } catch (MalformedMessage e) {
            // No such block, so the other reading it is.
        }
        var builder = MimeEntity.builder().body(rest);
        for (var field : strayFields) {
            int colon = field.indexOf(':');
            builder.header(field.substring(0, colon), field.substring(colon + 1).strip());
        }
        var content = builder.build();
        content.contentType();
        return content;
    }
}
