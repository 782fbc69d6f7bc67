package org.fanfare.cpim;

import org.fanfare.mime.MediaType;
import org.fanfare.mime.MimeEntity;
import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Makes a CPIM message. Headers are written in the order in which they are given, values are
/// escaped where RFC 3862 2.3.1 says so.
public final class CpimBuilder {

    private static final DateTimeFormatter DATE_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);

    /// A line, and what it is: a header of a namespace, or the line of a stray MIME field.
    private record Line(String text, String namespace, String name) {}

    private final List<Line> lines = new ArrayList<>();
    private final Map<String, String> prefixes = new HashMap<>();
    private Octets content = MimeEntity.of(MediaType.TEXT_PLAIN, Octets.EMPTY).toOctets();

    CpimBuilder() {}

    /// `head` are the octets that the headers came in, `content` is all that follows.
    CpimBuilder(List<CpimHeader> headers, Octets head, Octets content) {
        var remaining = new ArrayDeque<>(headers);
        for (var text : head.utf8().split("\r?\n", -1)) {
            if (text.isEmpty()) {
                continue;
            }
            if (!remaining.isEmpty() && remaining.getFirst().line().equals(text)) {
                addReceived(remaining.removeFirst());
            } else {
                lines.add(new Line(text, "", ""));
            }
        }
        this.content = content;
    }

    private void addReceived(CpimHeader header) {
        lines.add(new Line(header.line(), header.namespace(), header.name()));
        if (header.is(CpimHeader.CPIM_NAMESPACE, "NS")) {
            var declared = CpimNamespace.parse(header);
            prefixes.put(declared.uri(), declared.prefix());
        }
    }

    public CpimBuilder from(CpimAddress address) {
        return add("", CpimHeader.CPIM_NAMESPACE, "From", address.toString());
    }

    public CpimBuilder to(CpimAddress address) {
        return add("", CpimHeader.CPIM_NAMESPACE, "To", address.toString());
    }

    public CpimBuilder cc(CpimAddress address) {
        return add("", CpimHeader.CPIM_NAMESPACE, "cc", address.toString());
    }

    public CpimBuilder dateTime(Instant instant) {
        return add("", CpimHeader.CPIM_NAMESPACE, "DateTime", DATE_TIME.format(instant));
    }

    public CpimBuilder subject(String text) {
        return add("", CpimHeader.CPIM_NAMESPACE, "Subject", CpimEscapes.escape(text));
    }

    /// Declares a prefix for a namespace.
    public CpimBuilder namespace(String prefix, String uri) {
        prefixes.put(uri, prefix);
        var declaration = new CpimNamespace(prefix, uri).toString();
        return add("", CpimHeader.CPIM_NAMESPACE, "NS", declaration);
    }

    /// A header of a namespace; the value is escaped here. The namespaces of notifications and of
    /// CPM are declared when they are first used.
    public CpimBuilder header(String namespace, String name, String value) {
        return add(prefix(namespace), namespace, name, CpimEscapes.escape(value));
    }

    /// As [#header(String, String, String)], with an address as the value.
    public CpimBuilder header(String namespace, String name, CpimAddress address) {
        return add(prefix(namespace), namespace, name, address.toString());
    }

    /// Says what a multipart payload holds: the types of its leaves in their order (7.2.1.3/3.i).
    public CpimBuilder payloadTypes(MimeEntity payload, Limits limits) {
        var types =
                payload.leaves(limits).stream()
                        .map(leaf -> leaf.contentType().essence())
                        .collect(Collectors.joining(", "));
        return header(CpimHeader.CPM_NAMESPACE, "Payload-Type", types);
    }

    /// Takes out all headers of that name.
    public CpimBuilder remove(String namespace, String name) {
        lines.removeIf(line -> line.name.equals(name) && line.namespace.equals(namespace));
        return this;
    }

    /// The content with its MIME header fields; what was said of another one among the headers
    /// goes.
    public CpimBuilder content(MimeEntity entity) {
        lines.removeIf(line -> line.name.isEmpty() && line.namespace.isEmpty());
        content = entity.toOctets();
        return this;
    }

    private CpimBuilder add(String prefix, String namespace, String name, String value) {
        var fullName = prefix.isEmpty() ? name : prefix + "." + name;
        lines.add(new Line(fullName + ": " + value, namespace, name));
        return this;
    }

    private String prefix(String namespace) {
        var declared = prefixes.get(namespace);
        if (declared != null) {
            return declared;
        }
        var usual =
                switch (namespace) {
                    case CpimHeader.CPIM_NAMESPACE -> "";
                    case CpimHeader.IMDN_NAMESPACE -> "imdn";
                    case CpimHeader.CPM_NAMESPACE -> "cpm";
                    default ->
                            throw new IllegalArgumentException(
                                    "CPIM namespace " + namespace + ": has no prefix yet");
                };
        if (!usual.isEmpty()) {
            namespace(usual, namespace);
        }
        return usual;
    }

    public CpimMessage build() {
        var head = new StringBuilder();
        for (var line : lines) {
            head.append(line.text).append("\r\n");
        }
        head.append("\r\n");
        var out = new ByteArrayOutputStream(head.length() + content.length());
        out.writeBytes(head.toString().getBytes(StandardCharsets.UTF_8));
        out.writeBytes(content.toByteArray());
        return CpimMessage.parse(Octets.of(out.toByteArray()), Limits.DEFAULT);
    }
}
