package org.fanfare.pf.fanout;

import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.wire.Octets;
import org.jspecify.annotations.Nullable;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// The octets that all copies of a message have in common, encoded once, and the places where they
/// differ. It is kept in the ledger, so that a copy made after a restart has the octets of one made
/// before.
///
/// What depends on the configuration of the moment (our Via, a Route) is a place too, and given
/// when a copy is made.
public final class LegTemplate {

    /// Where a copy differs from the others.
    public enum Place {
        /// The recipient's URI: in the Request-URI, in To, and where the policy wants it in CPIM
        /// To.
        RECIPIENT(0),
        /// Our Via up to and including `branch=`.
        VIA(1),
        BRANCH(2),
        /// A whole Route header field with its line end, or nothing.
        ROUTE(3),
        FROM_TAG(4),
        CALL_ID(5),
        SEQUENCE_NUMBER(6),
        CONTENT_LENGTH(7);

        private static final List<Place> ALL = List.of(values());

        /// Its number, which the stored form knows it by.
        private final int code;

        Place(int code) {
            this.code = code;
        }
    }

    private static final byte FORMAT = 1;

    /// Octets of a key.
    public static final int KEY_LENGTH = 16;

    /// Branch, tag, Call-ID, CSeq number and Content-Length together.
    private static final int MOST_OF_IDENTITY =
            LegIdentity.BRANCH_LENGTH + LegIdentity.TAG_LENGTH + LegIdentity.CALL_ID_LENGTH + 20;

    private final byte[] key;
    private final SipHash hash;
    private final Segment[] segments;
    private final int bodyFrom;
    private final int fixedLength;
    private final int fixedBodyLength;
    private final int recipientsInBody;

    /// Octets that all copies share, or (`octets` empty) a place.
    private record Segment(@Nullable Place place, Octets octets) {}

    private LegTemplate(byte[] key, List<Segment> segments, int bodyFrom) {
        var body = segments.subList(bodyFrom, segments.size());
        this.key = key;
        this.hash = SipHash.keyed(key);
        this.segments = segments.toArray(Segment[]::new);
        this.bodyFrom = bodyFrom;
        this.fixedLength = fixedLength(segments);
        this.fixedBodyLength = fixedLength(body);
        this.recipientsInBody = (int) body.stream().filter(s -> s.place == Place.RECIPIENT).count();
    }

    private static int fixedLength(List<Segment> segments) {
        return segments.stream().mapToInt(s -> s.octets.length()).sum();
    }

    LegIdentity identity(int recipient, int attempt) {
        return LegIdentity.of(hash, recipient, attempt);
    }

    /// One copy.
    Octets encode(String recipient, LegIdentity identity, Way way, TransportProtocol protocol) {
        var uri = ascii(recipient);
        var bodyLength = fixedBodyLength + recipientsInBody * uri.length;
        byte[][] values = { // by the numbers of the places
            uri,
            way.via(protocol),
            identity.branch(),
            way.route(),
            identity.fromTag(),
            identity.callId(),
            ascii(Integer.toString(identity.sequenceNumber())),
            ascii(Integer.toString(bodyLength))
        };
        var copy = new byte[length(values)];
        int at = 0;
        for (var segment : segments) {
            if (segment.place == null) {
                segment.octets.copyTo(copy, at);
                at += segment.octets.length();
            } else {
                var value = values[segment.place.code];
                System.arraycopy(value, 0, copy, at, value.length);
                at += value.length;
            }
        }
        return Octets.of(copy);
    }

    private int length(byte[][] values) {
        int length = fixedLength;
        for (var segment : segments) {
            if (segment.place != null) {
                length += values[segment.place.code].length;
            }
        }
        return length;
    }

    /// The most octets that a copy for this recipient can have.
    int mostOctets(String recipient, Way way) {
        int length = fixedLength + MOST_OF_IDENTITY + way.route().length;
        for (var segment : segments) {
            if (segment.place == Place.RECIPIENT) {
                length += recipient.length();
            }
        }
        return length + way.via(TransportProtocol.UDP).length;
    }

    /// What a report about a recipient is derived from.
    public byte[] keyOfReport(int recipient) {
        var derived = hash.of(recipient, 3);
        return ByteBuffer.allocate(KEY_LENGTH)
                .putLong(derived.high())
                .putLong(derived.low())
                .array();
    }

    /// A copy that goes to nobody, to look at what all have in common.
    public Octets sample() {
        var way = new Way("sample.invalid", "");
        return encode("sip:sample.invalid", identity(0, 0), way, TransportProtocol.UDP);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /// The form that the ledger keeps: format, key, where the body starts, then for each segment
    /// its place (0 for none) or its octets after their number.
    public Octets toOctets() {
        var stored =
                ByteBuffer.allocate(
                        1
                                + KEY_LENGTH
                                + Short.BYTES
                                + segments.length * (1 + Integer.BYTES)
                                + fixedLength);
        stored.put(FORMAT).put(key).putShort((short) bodyFrom);
        for (var segment : segments) {
            if (segment.place == null) {
                stored.put((byte) 0)
                        .putInt(segment.octets.length())
                        .put(segment.octets.asByteBuffer());
            } else {
                stored.put((byte) (segment.place.code + 1));
            }
        }
        return Octets.of(stored.array(), 0, stored.position());
    }

    /// Reads what [#toOctets] wrote.
    ///
    /// @throws IllegalArgumentException when it did not
    public static LegTemplate parse(Octets stored) {
        try {
            var in = stored.asByteBuffer();
            if (in.get() != FORMAT) {
                throw new IllegalArgumentException("leg template: unknown format");
            }
            var key = new byte[KEY_LENGTH];
            in.get(key);
            int bodyFrom = in.getShort();
            var segments = new ArrayList<Segment>();
            while (in.hasRemaining()) {
                segments.add(parseSegment(in));
            }
            Objects.checkIndex(bodyFrom, segments.size() + 1);
            return new LegTemplate(key, segments, bodyFrom);
        } catch (BufferUnderflowException | IndexOutOfBoundsException _) {
            throw new IllegalArgumentException("leg template: cut off or damaged");
        }
    }

    private static Segment parseSegment(ByteBuffer in) {
        int place = in.get();
        if (place > 0) {
            return new Segment(Place.ALL.get(place - 1), Octets.EMPTY);
        }
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        var octets = new byte[length];
        in.get(octets);
        return new Segment(null, Octets.of(octets));
    }

    /// A template that is filled from the start line to the end of the body.
    ///
    /// @param key 16 random octets, from which the identities of the copies are derived
    public static Builder builder(byte[] key) {
        if (key.length != KEY_LENGTH) {
            throw new IllegalArgumentException("leg template: a key has 16 octets");
        }
        return new Builder(key.clone());
    }

    /// Takes the request in the order in which it goes out.
    public static final class Builder {

        private final byte[] key;
        private final List<Segment> segments = new ArrayList<>();
        private int bodyFrom = -1;

        private Builder(byte[] key) {
            this.key = key;
        }

        public Builder text(String text) {
            return octets(Octets.utf8(text));
        }

        public Builder octets(Octets octets) {
            segments.add(new Segment(null, octets));
            return this;
        }

        public Builder place(Place place) {
            segments.add(new Segment(place, Octets.EMPTY));
            return this;
        }

        /// What follows is the body; only the recipient's URI may differ there.
        public Builder body() {
            bodyFrom = segments.size();
            return this;
        }

        public LegTemplate build() {
            if (bodyFrom < 0) {
                throw new IllegalStateException("leg template: no body");
            }
            return new LegTemplate(key, segments, bodyFrom);
        }
    }
}
