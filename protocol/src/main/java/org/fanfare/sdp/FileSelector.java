package org.fanfare.sdp;

import org.fanfare.wire.Cursor;
import org.fanfare.wire.MalformedMessage;

import java.util.Optional;
import java.util.OptionalLong;

/// Which file is meant (RFC 5547 6): here mostly its size, which announces how much will come.
///
/// @param text as written; empty in an answer about abilities
public record FileSelector(String text) {

    private static final String SECTION = "RFC 5547 6";
    private static final String SIZE = "size:";

    /// Of a message of so many octets.
    public static FileSelector ofSize(long octets) {
        if (octets < 0) {
            throw new IllegalArgumentException("file-selector: size " + octets);
        }
        return new FileSelector(SIZE + octets);
    }

    /// The size in octets.
    ///
    /// @throws MalformedMessage with 488 when it is no number that fits
    public OptionalLong size() {
        var selector = selector(SIZE);
        if (selector.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            var cursor = Cursor.over(selector.get(), "file-selector", SECTION);
            long size = cursor.expectNumber("a size", Long.MAX_VALUE / 10 - 1);
            cursor.expectEnd();
            return OptionalLong.of(size);
        } catch (MalformedMessage fault) {
            throw new MalformedMessage(fault.reason(), fault.offset(), SECTION, 488);
        }
    }

    /// The name without its quotes; escapes stay as they are.
    public Optional<String> name() {
        return selector("name:").map(FileSelector::unquote);
    }

    /// The media type as written.
    public Optional<String> type() {
        return selector("type:");
    }

    private static String unquote(String text) {
        boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
        return quoted ? text.substring(1, text.length() - 1) : text;
    }

    /// What stands behind a prefix, up to a blank outside of quotes.
    private Optional<String> selector(String prefix) {
        int from = 0;
        while (from < text.length()) {
            int to = endOfSelector(from);
            if (text.startsWith(prefix, from)) {
                return Optional.of(text.substring(from + prefix.length(), to));
            }
            from = to + 1;
        }
        return Optional.empty();
    }

    private int endOfSelector(int from) {
        boolean quoted = false;
        int at = from;
        while (at < text.length() && (quoted || text.charAt(at) != ' ')) {
            quoted ^= text.charAt(at) == '"';
            at++;
        }
        return at;
    }

    @Override
    public String toString() {
        return text;
    }
}
