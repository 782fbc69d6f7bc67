package org.fanfare.xml;

import org.fanfare.wire.Octets;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/// Finds out how a document is encoded (XML 1.0 appendix F, RFC 7303 3) and decodes it, strictly:
/// what is not of the encoding is refused, not replaced.
final class XmlEncoding {

    private static final Pattern DECLARED =
            Pattern.compile(
                    "<\\?xml\\s[^>]{0,200}?\\sencoding\\s{0,9}=\\s{0,9}[\"']([\\w.-]{1,40})[\"']");

    private static final int DECLARATION = 256;
    private static final char BYTE_ORDER_MARK = '\ufeff';

    /// The octets are none of the encoding they should be of.
    static final class Unreadable extends Exception {

        private final int offset;

        Unreadable(String expected, int offset) {
            super(expected, null, false, false);
            this.offset = offset;
        }

        int offset() {
            return offset;
        }
    }

    private XmlEncoding() {}

    /// The text without a byte order mark.
    static String decode(Octets xml) throws Unreadable {
        var detected = detect(xml);
        var text = decode(xml, detected);
        boolean marked = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK;
        if (detected.equals(StandardCharsets.UTF_16BE)
                || detected.equals(StandardCharsets.UTF_16LE)) {
            expectDeclared(text.substring(marked ? 1 : 0), "UTF-16");
        }
        return marked ? text.substring(1) : text;
    }

    private static Charset detect(Octets xml) throws Unreadable {
        int first = octet(xml, 0);
        int second = octet(xml, 1);
        if ((first == 0xfe && second == 0xff) || (first == 0 && second == '<')) {
            return StandardCharsets.UTF_16BE;
        }
        if ((first == 0xff && second == 0xfe) || (first == '<' && second == 0)) {
            return StandardCharsets.UTF_16LE;
        }
        return declared(xml.slice(0, Math.min(xml.length(), DECLARATION)).ascii());
    }

    private static Charset declared(String start) throws Unreadable {
        var matcher = DECLARED.matcher(start);
        if (!matcher.find()) {
            return StandardCharsets.UTF_8;
        }
        return switch (matcher.group(1).toUpperCase(Locale.ROOT)) {
            case "UTF-8" -> StandardCharsets.UTF_8;
            case "US-ASCII" -> StandardCharsets.US_ASCII;
            case "ISO-8859-1" -> StandardCharsets.ISO_8859_1;
            default ->
                    throw new Unreadable(
                            "expected UTF-8, UTF-16, US-ASCII or ISO-8859-1 as encoding",
                            matcher.start(1));
        };
    }

    private static void expectDeclared(String text, String family) throws Unreadable {
        var matcher = DECLARED.matcher(text.substring(0, Math.min(text.length(), DECLARATION)));
        if (matcher.find() && !matcher.group(1).toUpperCase(Locale.ROOT).startsWith(family)) {
            throw new Unreadable("expected the encoding " + family, 2 * matcher.start(1));
        }
    }

    private static int octet(Octets xml, int index) {
        return index < xml.length() ? xml.at(index) & 0xff : -1;
    }

    /// Decoding with replacement is much the faster way, so it goes first; a replacement character
    /// in the result, which is seldom meant, is looked into.
    private static String decode(Octets xml, Charset charset) throws Unreadable {
        var text = new String(xml.toByteArray(), charset);
        if (text.indexOf('\ufffd') < 0) {
            return text;
        }
        ByteBuffer in = xml.asByteBuffer();
        try {
            return charset.newDecoder().decode(in).toString();
        } catch (CharacterCodingException e) {
            throw new Unreadable("expected octets of " + charset, in.position());
        }
    }
}
