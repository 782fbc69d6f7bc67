package org.fanfare.cpm;

import org.fanfare.wire.Sha256;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Names of conversations as names of folders in the message store (references k.1). The names come
/// from other people, so whatever could mean something to a store is written as `=XX`, one octet of
/// UTF-8 each: separators, wildcards, `..`, quotes, the `&` of modified UTF-7 (reliability B11).
/// Two conversations never share a folder; what usual addresses and ids consist of stays readable.
public final class HistoryFolder {

    private static final String PLAIN = "+-_:@;,~()!$'.";
    private static final char ESCAPE = '=';

    /// Begins the name of a conversation whose own is too long: the hash of it follows.
    private static final String HASHED = "=#";

    private static final int LONGEST = 180;

    private HistoryFolder() {}

    /// The name of the folder.
    ///
    /// @param separator of the levels of this store's folders
    public static String encode(String conversation, char separator) {
        var octets = conversation.getBytes(StandardCharsets.UTF_8);
        var name = new StringBuilder();
        for (int i = 0; i < octets.length; i++) {
            char c = (char) (octets[i] & 0xff);
            if (isPlain(c) && c != separator && !(c == '.' && i == 0)) {
                name.append(c);
            } else {
                name.append(ESCAPE).append("%02X".formatted((int) c));
            }
        }
        if (name.isEmpty()) {
            return HASHED;
        }
        return name.length() > LONGEST ? HASHED + Sha256.hex(octets, 32) : name.toString();
    }

    private static boolean isPlain(char c) {
        return (c >= '0' && c <= '9')
                || (c >= 'A' && c <= 'Z')
                || (c >= 'a' && c <= 'z')
                || PLAIN.indexOf(c) >= 0;
    }

    /// The conversation of a folder; a name that [#encode] did not make stays as it is.
    public static String decode(String folder) {
        var octets = new ByteArrayOutputStream();
        for (int i = 0; i < folder.length(); i++) {
            char c = folder.charAt(i);
            if (c != ESCAPE) {
                octets.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            } else if (i + 2 < folder.length() && isHex(folder, i + 1)) {
                octets.write(Integer.parseInt(folder, i + 1, i + 3, 16));
                i += 2;
            } else {
                return folder;
            }
        }
        return octets.toString(StandardCharsets.UTF_8);
    }

    private static boolean isHex(String text, int at) {
        return Character.digit(text.charAt(at), 16) >= 0
                && Character.digit(text.charAt(at + 1), 16) >= 0;
    }
}
