package org.fanfare.sip.digest;

import org.fanfare.wire.Octets;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/// The hash functions of RFC 8760, the strongest first.
public enum DigestAlgorithm {
    SHA_256("SHA-256", "SHA-256"),
    SHA_512_256("SHA-512-256", "SHA-512/256"),
    /// Obsolete: only for peers that know nothing else (RFC 8760 3).
    MD5("MD5", "MD5");

    private final String token;
    private final String javaName;

    DigestAlgorithm(String token, String javaName) {
        this.token = token;
        this.javaName = javaName;
    }

    /// As it stands in a challenge.
    public String token() {
        return token;
    }

    /// None for an algorithm we do not have; the session variants (`-sess`) are among those.
    public static Optional<DigestAlgorithm> of(String token) {
        return Arrays.stream(values()).filter(a -> a.token.equalsIgnoreCase(token)).findFirst();
    }

    /// H(A1), all that a server need know of a password (RFC 7616 3.4.2).
    public String ha1(String user, String realm, String password) {
        return hash(user + ":" + realm + ":" + password);
    }

    /// Lower case hexadecimal digits of the hash of the text in UTF-8 (RFC 8760 2.2).
    String hash(String text) {
        return hash(Octets.utf8(text));
    }

    String hash(Octets octets) {
        var digest = newDigest();
        digest.update(octets.asByteBuffer());
        return HexFormat.of().formatHex(digest.digest());
    }

    int hexDigits() {
        return 2 * newDigest().getDigestLength();
    }

    private MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance(javaName);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no " + javaName, e);
        }
    }

    /// In a time that tells nothing about where the texts differ.
    static boolean sameText(String left, String right) {
        return MessageDigest.isEqual(
                left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
    }
}
