package org.fanfare.cpim;

import org.fanfare.mime.MimeEntity;
import org.fanfare.wire.Leniency;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A CPIM message (RFC 3862), the wrapper of every CPM Standalone Message (7.2.1.3/0). What was
/// received is written back octet for octet; a CPIM message inside is content like any other (B5).
public final class CpimMessage {

    private final Octets octets;
    private final List<CpimHeader> headers;
    private final MimeEntity content;
    private final int contentStart;
    private final CpimAddress from;
    private final List<CpimAddress> to;
    private final List<CpimAddress> cc;

    CpimMessage(Octets octets, List<CpimHeader> headers, MimeEntity content, int contentStart) {
        this.octets = octets;
        this.headers = List.copyOf(headers);
        this.content = content;
        this.contentStart = contentStart;
        this.from = onlyFrom(addresses("From"));
        this.to = addresses("To");
        this.cc = addresses("cc");
        if (to.isEmpty()) {
            Leniency.CPIM_NO_TO.taken();
        }
    }

    /// Reads a message; refuses one without From, with two, or with headers that are none.
    public static CpimMessage parse(Octets octets, Limits limits) {
        return new CpimReader(octets, limits).read();
    }

    /// Judges octets; throws what is wrong with them.
    public static void check(Octets octets, Limits limits) {
        var message = parse(octets, limits);
        for (var leaf : message.content.leaves(limits)) {
            leaf.disposition();
        }
    }

    public static CpimBuilder builder() {
        return new CpimBuilder();
    }

    /// A builder that starts from this message; what it does not touch stays octet for octet.
    public CpimBuilder toBuilder() {
        return new CpimBuilder(headers, octets.slice(0, contentStart), octets.from(contentStart));
    }

    private static CpimAddress onlyFrom(List<CpimAddress> values) {
        if (values.size() != 1) {
            throw new MalformedMessage(
                    "From: expected once, found " + values.size() + " times", 0, "RFC 3862 4.1");
        }
        return values.getFirst();
    }

    private List<CpimAddress> addresses(String name) {
        var addresses = new ArrayList<CpimAddress>(1);
        for (var header : headers) {
            if (header.is(CpimHeader.CPIM_NAMESPACE, name)) {
                addresses.add(CpimAddress.parse(header.rawValue(), name, header.offset()));
            }
        }
        return List.copyOf(addresses);
    }

    public CpimAddress from() {
        return from;
    }

    public List<CpimAddress> to() {
        return to;
    }

    public List<CpimAddress> cc() {
        return cc;
    }

    /// As it is written; a notification repeats it so (RFC 5438 7.2.1.1).
    public Optional<String> dateTime() {
        return header(CpimHeader.CPIM_NAMESPACE, "DateTime");
    }

    /// When the message was sent, if [#dateTime] can be read.
    public Optional<Instant> sentAt() {
        return dateTime().flatMap(CpimMessage::instant);
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text.toUpperCase(Locale.ROOT)).toInstant());
        } catch (DateTimeException e) {
            Leniency.CPIM_DATE_TIME.taken();
            return Optional.empty();
        }
    }

    /// The first subject, whatever its language.
    public Optional<String> subject() {
        return header(CpimHeader.CPIM_NAMESPACE, "Subject");
    }

    /// The first header of that name, with whatever prefix, without escapes.
    public Optional<String> header(String namespace, String name) {
        for (var header : headers) {
            if (header.is(namespace, name)) {
                return Optional.of(header.value());
            }
        }
        return Optional.empty();
    }

    /// All headers of that name, in their order.
    public List<CpimHeader> headers(String namespace, String name) {
        return headers.stream().filter(header -> header.is(namespace, name)).toList();
    }

    /// All headers, in their order.
    public List<CpimHeader> headers() {
        return headers;
    }

    /// What the receiver must understand, as it is written: `prefix.Name` (RFC 3862 4.7). Who only
    /// passes the message on does not look at it.
    public List<String> required() {
        var required = new ArrayList<String>();
        for (var header : headers(CpimHeader.CPIM_NAMESPACE, "Require")) {
            for (var name : header.value().split(",", -1)) {
                if (!name.isBlank()) {
                    required.add(name.strip());
                }
            }
        }
        return required;
    }

    /// What the message says: MIME header fields and body.
    public MimeEntity content() {
        return content;
    }

    /// The size that decides between Pager Mode and Large Message Mode: all of it (reading 5).
    public int size() {
        return octets.length();
    }

    /// The message as it is on the wire.
    public Octets toOctets() {
        return octets;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CpimMessage message && octets.equals(message.octets);
    }

    @Override
    public int hashCode() {
        return octets.hashCode();
    }

    /// Without the content, which never goes into a log.
    @Override
    public String toString() {
        return "CPIM from " + from + " to " + to + ", " + octets.length() + " octets";
    }
}
