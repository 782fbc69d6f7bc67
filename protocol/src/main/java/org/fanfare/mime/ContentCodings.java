package org.fanfare.mime;

import org.fanfare.wire.Leniency;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Content-Encoding (RFC 3261 20.12): gzip and deflate, taken off in the opposite order, with an
/// eye on what comes out: a small body must not become a large one (B9, L8).
final class ContentCodings {

    private static final String SECTION = "RFC 3261 20.12";
    private static final int MAX_CODINGS = 2;

    /// Below this size a high ratio is no attack but a short text of one letter.
    private static final int RATIO_COUNTS_FROM = 64 * 1024;

    private ContentCodings() {}

    static Octets decode(List<String> fieldValues, Octets octets, Limits limits) {
        var decoded = octets;
        for (var coding : codings(fieldValues).reversed()) {
            decoded =
                    switch (coding) {
                        case "gzip", "x-gzip" -> gunzip(decoded, limits);
                        case "deflate" -> inflate(decoded, limits);
                        default ->
                                throw new MalformedMessage(
                                        "Content-Encoding: expected gzip, deflate or identity",
                                        0,
                                        SECTION,
                                        415);
                    };
        }
        return decoded;
    }

    private static List<String> codings(List<String> fieldValues) {
        var codings = new ArrayList<String>();
        for (var value : fieldValues) {
            for (var coding : value.split(",", MAX_CODINGS + 2)) {
                var name = coding.strip().toLowerCase(Locale.ROOT);
                if (!name.isEmpty() && !name.equals("identity")) {
                    codings.add(name);
                }
            }
            if (codings.size() > MAX_CODINGS) {
                throw new MalformedMessage(
                        "Content-Encoding: more than " + MAX_CODINGS + " codings", 0, SECTION);
            }
        }
        return codings;
    }

    /// RFC 1950; what is deflated without that wrapper has one reading too.
    private static Octets inflate(Octets octets, Limits limits) {
        boolean wrapped =
                octets.length() >= 2
                        && (octets.at(0) & 0x0f) == 8
                        && ((octet(octets, 0) << 8) | octet(octets, 1)) % 31 == 0;
        if (!wrapped) {
            Leniency.RAW_DEFLATE.taken();
        }
        try (var inflater = new Inflater(!wrapped)) {
            var inflated = inflate(inflater, octets, limits);
            expectEnd(octets.length() - inflater.getRemaining(), octets);
            return inflated;
        }
    }

    private static Octets inflate(Inflater inflater, Octets octets, Limits limits) {
        int most = most(octets, limits);
        var out = new ByteArrayOutputStream(Math.min(most, octets.length() * 4));
        var buffer = new byte[8192];
        inflater.setInput(octets.asByteBuffer());
        try {
            while (!inflater.finished()) {
                int count = inflater.inflate(buffer);
                if (out.size() + count > most) {
                    throw tooLarge(limits);
                }
                if (count == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
                    throw corrupt("expected the end of the compressed octets", octets.length());
                }
                out.write(buffer, 0, count);
            }
        } catch (DataFormatException e) {
            throw corrupt("expected compressed octets", (int) inflater.getBytesRead());
        }
        return Octets.of(out.toByteArray());
    }

    /// As much as may come out of these octets.
    private static int most(Octets octets, Limits limits) {
        long byRatio = Math.max(RATIO_COUNTS_FROM, (long) octets.length() * limits.decodedRatio());
        return (int) Math.min(byRatio, limits.decodedOctets());
    }

    /// RFC 1952, one member.
    private static Octets gunzip(Octets octets, Limits limits) {
        int start = gzipHeaderLength(octets);
        var deflated = octets.slice(start, octets.length());
        try (var inflater = new Inflater(true)) {
            var inflated = inflate(inflater, deflated, limits);
            int trailer = octets.length() - inflater.getRemaining();
            var crc = new CRC32();
            crc.update(inflated.asByteBuffer());
            if (octets.length() - trailer < 8
                    || littleEndian(octets, trailer) != (int) crc.getValue()
                    || littleEndian(octets, trailer + 4) != inflated.length()) {
                throw corrupt("expected the checksum and length of the content", trailer);
            }
            expectEnd(trailer + 8, octets);
            return inflated;
        }
    }

    private static int gzipHeaderLength(Octets octets) {
        if (octets.length() < 18
                || octets.at(0) != 0x1f
                || octets.at(1) != (byte) 0x8b
                || octets.at(2) != 8) {
            throw corrupt("expected the head of a gzip file", 0);
        }
        int flags = octets.at(3);
        int next = 10;
        if ((flags & 4) != 0) {
            next += 2 + octet(octets, next) + (octet(octets, next + 1) << 8);
        }
        if ((flags & 8) != 0) {
            next = afterZero(octets, next);
        }
        if ((flags & 16) != 0) {
            next = afterZero(octets, next);
        }
        if ((flags & 2) != 0) {
            next += 2;
        }
        if (next > octets.length()) {
            throw corrupt("expected the end of the gzip head", octets.length());
        }
        return next;
    }

    private static int afterZero(Octets octets, int from) {
        int zero = from > octets.length() ? -1 : octets.indexOf((byte) 0, from);
        if (zero < 0) {
            throw corrupt("expected the end of a name in the gzip head", octets.length());
        }
        return zero + 1;
    }

    private static int littleEndian(Octets octets, int from) {
        return octet(octets, from)
                | (octet(octets, from + 1) << 8)
                | (octet(octets, from + 2) << 16)
                | (octet(octets, from + 3) << 24);
    }

    private static int octet(Octets octets, int index) {
        return octets.at(index) & 0xff;
    }

    private static void expectEnd(int end, Octets octets) {
        if (end != octets.length()) {
            throw corrupt("expected nothing behind the compressed octets", end);
        }
    }

    private static MalformedMessage corrupt(String expected, int offset) {
        return new MalformedMessage("Content-Encoding: " + expected, offset, SECTION);
    }

    static MalformedMessage tooLarge(Limits limits) {
        return new MalformedMessage(
                "content: larger than " + limits.decodedOctets() + " octets when decoded",
                0,
                SECTION,
                413);
    }
}
