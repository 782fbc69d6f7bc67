package org.fanfare.wire;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// SHA-256, which every JDK has.
public final class Sha256 {

    private Sha256() {}

    /// To be fed piece by piece.
    public static MessageDigest begin() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    public static byte[] of(byte[] octets) {
        return begin().digest(octets);
    }

    /// The first octets of the hash in small hexadecimal digits.
    ///
    /// @param length of the hash, in octets, up to 32
    public static String hex(byte[] octets, int length) {
        return HexFormat.of().formatHex(of(octets), 0, length);
    }
}
