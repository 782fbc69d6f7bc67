package org.fanfare.mime;

import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// A MIME entity: header fields and a body (RFC 2045 2.4). One that was received writes back the
/// very octets it came as, whatever they were (B16).
public final class MimeEntity {

    /// Header fields about the octets of a body.
    private static final Set<String> OF_THE_BODY =
            Set.of(
                    "content-type",
                    "content-transfer-encoding",
                    "content-encoding",
                    "content-length");

    private final MimeHeaders headers;
    private final Octets body;
    private final Octets encoded;

    private MimeEntity(MimeHeaders headers, Octets body, Octets encoded) {
        this.headers = headers;
        this.body = body;
        this.encoded = encoded;
    }

    /// Reads header fields, the empty line and the body. A Content-Length among them is not looked
    /// at: whoever framed the octets knows better (B3).
    public static MimeEntity parse(Octets octets, Limits limits) {
        var block = MimeHeaders.parse(octets, 0, limits);
        return new MimeEntity(
                block.headers(), octets.slice(block.bodyStart(), octets.length()), octets);
    }

    public static MimeEntity of(MediaType type, Octets body) {
        return builder().contentType(type).body(body).build();
    }

    public static Builder builder() {
        return new Builder();
    }

    public MimeHeaders headers() {
        return headers;
    }

    /// The body as it came, still in its transfer encoding.
    public Octets body() {
        return body;
    }

    /// Header fields, empty line and body as they are on the wire.
    public Octets toOctets() {
        return encoded;
    }

    /// `text/plain` where the entity does not say (RFC 2045 5.2).
    public MediaType contentType() {
        return headers.field("Content-Type")
                .map(field -> MediaType.parse(field.value(), field.offset()))
                .orElse(MediaType.TEXT_PLAIN);
    }

    public Optional<ContentDisposition> disposition() {
        return headers.field("Content-Disposition")
                .map(field -> ContentDisposition.parse(field.value(), field.offset()));
    }

    public boolean hasDisposition(String type) {
        return disposition().filter(d -> d.type().equalsIgnoreCase(type)).isPresent();
    }

    /// The body out of its Content-Transfer-Encoding and Content-Encoding, never larger than the
    /// limits allow: 413 at the cap, 415 for a coding that is not known (B9, L8).
    public Octets content(Limits limits) {
        var transfer = headers.first("Content-Transfer-Encoding").orElse("binary");
        var decoded = TransferEncoding.of(transfer).decode(body, limits);
        return ContentCodings.decode(headers.all("Content-Encoding"), decoded, limits);
    }

    /// The parts of a multipart, which must be one; nested ones stay as they are.
    public Multipart multipart(Limits limits) {
        return Multipart.parse(contentType(), content(limits), limits);
    }

    /// The entities that hold content, in the order they stand, however deep multiparts nest; the
    /// entity itself when it is no multipart.
    public List<MimeEntity> leaves(Limits limits) {
        var leaves = new ArrayList<MimeEntity>();
        collectLeaves(leaves, 0, limits);
        return List.copyOf(leaves);
    }

    private void collectLeaves(List<MimeEntity> leaves, int depth, Limits limits) {
        if (!contentType().isMultipart()) {
            if (depth > 0 && leaves.size() == limits.multipartParts()) {
                throw new MalformedMessage(
                        "multipart: more than " + limits.multipartParts() + " parts",
                        0,
                        "RFC 2046 5.1");
            }
            leaves.add(this);
            return;
        }
        if (depth == limits.multipartDepth()) {
            throw new MalformedMessage(
                    "multipart: nested more than " + limits.multipartDepth() + " deep",
                    0,
                    "RFC 2046 5.1");
        }
        for (var part : multipart(limits).parts()) {
            part.collectLeaves(leaves, depth + 1, limits);
        }
    }

    /// The same entity with another body, as it is: gone is what said how the old one was written.
    public MimeEntity withBody(MediaType type, Octets octets) {
        var changed = builder().contentType(type).body(octets);
        for (var field : headers) {
            if (!OF_THE_BODY.contains(field.name().toLowerCase(Locale.ROOT))) {
                changed.header(field.name(), field.value());
            }
        }
        return changed.build();
    }

    /// Judges octets as an entity with all that is nested in it; throws what is wrong with them.
    public static void check(Octets octets, Limits limits) {
        for (var leaf : parse(octets, limits).leaves(limits)) {
            leaf.disposition();
            leaf.content(limits);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MimeEntity entity && encoded.equals(entity.encoded);
    }

    @Override
    public int hashCode() {
        return encoded.hashCode();
    }

    /// Without the content, which never goes into a log.
    @Override
    public String toString() {
        return headers + "(" + body.length() + " octets)";
    }

    /// Makes a new entity.
    public static final class Builder {

        private final List<MimeHeaders.Field> fields = new ArrayList<>();
        private Octets body = Octets.EMPTY;

        private Builder() {}

        public Builder contentType(MediaType type) {
            return header("Content-Type", type.toString());
        }

        public Builder disposition(String type) {
            return header("Content-Disposition", type);
        }

        public Builder header(String name, String value) {
            fields.add(new MimeHeaders.Field(name, value, 0));
            return this;
        }

        public Builder body(Octets octets) {
            body = octets;
            return this;
        }

        /// The body as UTF-8.
        public Builder text(String text) {
            return body(Octets.utf8(text));
        }

        public MimeEntity build() {
            var headers = new MimeHeaders(fields);
            var out = new ByteArrayOutputStream(body.length() + 256);
            out.writeBytes((headers + "\r\n").getBytes(StandardCharsets.UTF_8));
            out.writeBytes(body.toByteArray());
            return new MimeEntity(headers, body, Octets.of(out.toByteArray()));
        }
    }
}
