package org.fanfare.interworking;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The GSM 7 bit default alphabet with its extension table (3GPP TS 23.038 6.2.1), one octet for a
/// septet, as an SMSC takes it.
final class GsmAlphabet {

    private static final int ESCAPE = 0x1b;

    private static final String BASIC =
            "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
                    + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    private static final String EXTENDED = "\f^{}\\[~]|€";
    private static final int[] EXTENSION_CODES = {
        0x0a, 0x14, 0x28, 0x29, 0x2f, 0x3c, 0x3d, 0x3e, 0x40, 0x65
    };

    private static final Map<Integer, byte[]> CODES = codes();

    private GsmAlphabet() {}

    private static Map<Integer, byte[]> codes() {
        var codes = new HashMap<Integer, byte[]>();
        for (int i = 0; i < BASIC.length(); i++) {
            if (i != ESCAPE) {
                codes.put((int) BASIC.charAt(i), new byte[] {(byte) i});
            }
        }
        for (int i = 0; i < EXTENDED.length(); i++) {
            codes.put((int) EXTENDED.charAt(i), new byte[] {ESCAPE, (byte) EXTENSION_CODES[i]});
        }
        return codes;
    }

    /// One octet, or two for a character of the extension table; empty where there is none.
    static Optional<byte[]> encode(int character) {
        return Optional.ofNullable(CODES.get(character)).map(byte[]::clone);
    }
}
