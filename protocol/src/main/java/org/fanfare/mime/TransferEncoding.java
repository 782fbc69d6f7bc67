package org.fanfare.mime;

import org.fanfare.wire.Leniency;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.fanfare.wire.Printable;

import java.util.Locale;

/// Content-Transfer-Encoding (RFC 2045 6).
public enum TransferEncoding {
    IDENTITY,
    BASE64,
    QUOTED_PRINTABLE;

    private static final String SECTION = "RFC 2045 6";

    /// The encoding that a field value names; 415 for one that is not known.
    public static TransferEncoding of(String value) {
        return switch (value.strip().toLowerCase(Locale.ROOT)) {
            case "7bit", "8bit", "binary", "" -> IDENTITY;
            case "base64" -> BASE64;
            case "quoted-printable" -> QUOTED_PRINTABLE;
            default ->
                    throw new MalformedMessage(
                            "Content-Transfer-Encoding: expected 7bit, 8bit, binary, base64 or"
                                    + " quoted-printable",
                            0,
                            SECTION,
                            415);
        };
    }

    /// The octets out of this encoding, 413 above the limit.
    public Octets decode(Octets octets, Limits limits) {
        var decoded =
                switch (this) {
                    case IDENTITY -> octets;
                    case BASE64 -> decodeBase64(octets);
                    case QUOTED_PRINTABLE -> decodeQuotedPrintable(octets);
                };
        if (this != IDENTITY && decoded.length() > limits.decodedOctets()) {
            throw ContentCodings.tooLarge(limits);
        }
        return decoded;
    }

    /// Base64 in lines of 76, as senders of mail and messages write it.
    public static Octets encodeBase64(Octets octets) {
        return Octets.of(java.util.Base64.getMimeEncoder().encode(octets.toByteArray()));
    }

    /// Blanks and line ends anywhere are no part of it, anything else outside the alphabet is an
    /// error, missing padding is not.
    private static Octets decodeBase64(Octets octets) {
        var out = new byte[(int) (octets.length() * 3L / 4) + 3];
        int length = 0;
        int bits = 0;
        int count = 0;
        int padding = 0;
        for (int i = 0; i < octets.length(); i++) {
            int c = octets.at(i);
            if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
                continue;
            }
            if (c == '=') {
                padding++;
                continue;
            }
            int six = sixBits(c);
            if (six < 0 || padding > 0) {
                throw new MalformedMessage(
                        "base64: expected a character of the alphabet, found "
                                + Printable.octet((byte) c),
                        i,
                        "RFC 2045 6.8");
            }
            bits = (bits << 6) | six;
            count++;
            if (count % 4 == 0) {
                out[length++] = (byte) (bits >> 16);
                out[length++] = (byte) (bits >> 8);
                out[length++] = (byte) bits;
                bits = 0;
            }
        }
        return Octets.of(out, 0, length + decodeBase64End(out, length, bits, count, padding));
    }

    private static int decodeBase64End(byte[] out, int length, int bits, int count, int padding) {
        int left = count % 4;
        if (left == 1 || padding > 2) {
            throw new MalformedMessage(
                    "base64: expected groups of four characters", 0, "RFC 2045 6.8");
        }
        if (left == 0) {
            return 0;
        }
        if (padding != 4 - left) {
            Leniency.BASE64_PADDING.taken();
        }
        int rest = bits << (6 * (4 - left));
        out[length] = (byte) (rest >> 16);
        out[length + 1] = (byte) (rest >> 8);
        return left - 1;
    }

    private static int sixBits(int c) {
        if (c >= 'A' && c <= 'Z') {
            return c - 'A';
        }
        if (c >= 'a' && c <= 'z') {
            return c - 'a' + 26;
        }
        if (c >= '0' && c <= '9') {
            return c - '0' + 52;
        }
        return c == '+' ? 62 : c == '/' ? 63 : -1;
    }

    /// An equals sign that starts no escape stands for itself, as RFC 2045 6.7 proposes.
    private static Octets decodeQuotedPrintable(Octets octets) {
        var out = new byte[octets.length()];
        int length = 0;
        int i = 0;
        while (i < octets.length()) {
            byte c = octets.at(i);
            if (c != '=') {
                out[length++] = c;
                i++;
                continue;
            }
            int softBreak = softBreakLength(octets, i + 1);
            int value = (hex(octets, i + 1) << 4) | hex(octets, i + 2);
            if (softBreak > 0) {
                i += 1 + softBreak;
            } else if (value >= 0) {
                out[length++] = (byte) value;
                i += 3;
            } else {
                out[length++] = c;
                i++;
            }
        }
        return Octets.of(out, 0, length);
    }

    private static int softBreakLength(Octets octets, int from) {
        int i = from;
        while (i < octets.length() && (octets.at(i) == ' ' || octets.at(i) == '\t')) {
            i++;
        }
        if (i < octets.length() && octets.at(i) == '\r') {
            i++;
        }
        return i < octets.length() && octets.at(i) == '\n' ? i + 1 - from : 0;
    }

    private static int hex(Octets octets, int i) {
        return i < octets.length() ? Character.digit(octets.at(i), 16) : -1;
    }
}
