package org.fanfare.mime;

import org.fanfare.wire.Leniency;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;

/// The parts of a multipart body (RFC 2046 5.1).
public record Multipart(MediaType type, List<MimeEntity> parts) {

    static final String SECTION = "RFC 2046 5.1";

    public Multipart {
        if (!type.isMultipart()) {
            throw new MalformedMessage(
                    "Content-Type: expected multipart, found " + type.essence(), 0, SECTION);
        }
        if (parts.isEmpty()) {
            throw new MalformedMessage("multipart: expected at least one part", 0, SECTION);
        }
        parts = List.copyOf(parts);
    }

    /// Cuts the body at the boundary that the type names; each part is parsed as an entity.
    public static Multipart parse(MediaType type, Octets body, Limits limits) {
        return new Multipart(
                type,
                new MultipartReader(body, boundary(type, limits.boundaryOctets()), limits).parts());
    }

    /// A new `multipart/mixed` with a boundary that none of the parts contains.
    public static Multipart mixed(List<MimeEntity> parts) {
        return new Multipart(
                MediaType.MULTIPART_MIXED.with("boundary", freshBoundary(parts)), parts);
    }

    /// Other parts under the same type, with a boundary that none of them contains.
    public Multipart withParts(List<MimeEntity> others) {
        return new Multipart(type.with("boundary", freshBoundary(others)), others);
    }

    /// The parts that pass, under the same type and boundary.
    public Multipart retain(Predicate<MimeEntity> keep) {
        return new Multipart(type, parts.stream().filter(keep).toList());
    }

    private static String boundary(MediaType type, int most) {
        if (!type.isMultipart()) {
            throw new MalformedMessage(
                    "Content-Type: expected multipart, found " + type.essence(), 0, SECTION);
        }
        var boundary =
                type.parameter("boundary")
                        .orElseThrow(() ->
                                new MalformedMessage(
                                        "Content-Type: expected the parameter boundary",
                                        0,
                                        SECTION));
        if (boundary.isEmpty() || boundary.length() > most || !isBoundary(boundary)) {
            throw new MalformedMessage(
                    "Content-Type: expected a boundary of 1 to " + most + " boundary characters",
                    0,
                    SECTION);
        }
        return boundary;
    }

    /// RFC 2046 5.1.1, `bchars` and, where handsets use them, the other visible characters.
    private static boolean isBoundary(String boundary) {
        boolean strict = true;
        for (int i = 0; i < boundary.length(); i++) {
            char c = boundary.charAt(i);
            if (c < ' ' || c > '~' || (c == ' ' && i == boundary.length() - 1)) {
                return false;
            }
            strict &= Character.isLetterOrDigit(c) || "'()+_,-./:=? ".indexOf(c) >= 0;
        }
        if (!strict) {
            Leniency.BOUNDARY_CHARACTERS.taken();
        }
        return true;
    }

    private static String freshBoundary(List<MimeEntity> parts) {
        int attempt = parts.hashCode();
        while (true) {
            var boundary = "fanfare-" + Integer.toHexString(attempt++);
            var octets = boundary.getBytes(StandardCharsets.US_ASCII);
            if (parts.stream().allMatch(part -> part.toOctets().indexOf(octets, 0) < 0)) {
                return boundary;
            }
        }
    }

    /// The body; received parts are written as they came.
    public Octets toOctets() {
        var delimiter =
                ("--" + boundary(type, Integer.MAX_VALUE)).getBytes(StandardCharsets.US_ASCII);
        var out = new ByteArrayOutputStream();
        for (var part : parts) {
            out.writeBytes(delimiter);
            out.writeBytes(CRLF);
            out.writeBytes(part.toOctets().toByteArray());
            out.writeBytes(CRLF);
        }
        out.writeBytes(delimiter);
        out.writeBytes(END);
        return Octets.of(out.toByteArray());
    }

    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] END = {'-', '-', '\r', '\n'};
}
