package org.fanfare.interworking;

import org.fanfare.cpim.CpimMessage;
import org.fanfare.mime.MediaType;
import org.fanfare.mime.MimeEntity;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;

/// The text of a message, which is all that SMS can carry. Whatever else is in it, a picture or a
/// sealed content, is not taken: half a message would pass for the whole.
final class TextContent {

    private TextContent() {}

    /// @throws MalformedMessage with 415 when there is anything but plain text in the message
    static String of(CpimMessage message, Limits limits) {
        var text = new StringBuilder();
        for (var leaf : message.content().leaves(limits)) {
            if (!text.isEmpty()) {
                text.append('\n');
            }
            text.append(decoded(leaf, limits));
        }
        return printable(text.toString());
    }

    private static String decoded(MimeEntity leaf, Limits limits) {
        var type = leaf.contentType();
        if (!type.is(MediaType.TEXT_PLAIN)) {
            throw unsupported("expected text/plain, found " + type.essence());
        }
        return decode(leaf.content(limits), charset(type));
    }

    private static Charset charset(MediaType type) {
        var name = type.parameter("charset").orElse("utf-8"); // US-ASCII is a part of it
        try {
            return Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw unsupported("expected a charset that is known, found " + name);
        }
    }

    private static String decode(Octets octets, Charset charset) {
        try {
            return charset.newDecoder().decode(octets.asByteBuffer()).toString();
        } catch (CharacterCodingException e) {
            if (charset.equals(StandardCharsets.US_ASCII)) { // says ASCII, means UTF-8
                return decode(octets, StandardCharsets.UTF_8);
            }
            throw unsupported("the content is not of the charset " + charset);
        }
    }

    private static MalformedMessage unsupported(String reason) {
        return new MalformedMessage("content: " + reason, 0, "RFC 3261 21.4.13", 415);
    }

    /// Lines end with LF; other control characters mean nothing on a phone (B12).
    private static String printable(String text) {
        var clean = new StringBuilder(text.length());
        text.replace("\r\n", "\n")
                .codePoints()
                .filter(c -> c == '\n' || !Character.isISOControl(c))
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }
}
