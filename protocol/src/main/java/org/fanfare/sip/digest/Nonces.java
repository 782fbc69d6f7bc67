package org.fanfare.sip.digest;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Nonces that carry their time and a keyed hash, so that giving one out needs no memory (A1). Only
/// those used with the right password are remembered, each with the counts it was used with, and at
/// most so many: when the oldest is forgotten, all that were given out before it are stale.
final class Nonces {

    /// What can be said of a nonce that a client used.
    enum Verdict {
        FRESH,
        /// Ours, but too old or used before with this count.
        STALE,
        FOREIGN
    }

    private static final int TIME_AND_RANDOM = 16;
    private static final int HASH = 16;

    private final InstantSource clock;
    private final RandomGenerator random;
    private final Duration life;
    private final int most;
    private final SecretKeySpec key;
    private final Map<String, Counts> used = new LinkedHashMap<>();
    private long forgottenUntil = Long.MIN_VALUE;

    Nonces(InstantSource clock, RandomGenerator random, Duration life, int most) {
        this.clock = clock;
        this.random = random;
        this.life = life;
        this.most = most;
        var secret = new byte[32];
        random.nextBytes(secret);
        key = new SecretKeySpec(secret, "HmacSHA256");
    }

    String issue() {
        var nonce = ByteBuffer.allocate(TIME_AND_RANDOM + HASH);
        nonce.putLong(clock.millis()).putLong(random.nextLong());
        nonce.put(hash(nonce.array()));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(nonce.array());
    }

    /// Looks at the nonce alone; [#use] must follow when the response is right.
    Verdict judge(String nonce) {
        byte[] octets;
        try {
            octets = Base64.getUrlDecoder().decode(nonce);
        } catch (IllegalArgumentException e) {
            return Verdict.FOREIGN;
        }
        if (octets.length != TIME_AND_RANDOM + HASH || !isOurs(octets)) {
            return Verdict.FOREIGN;
        }
        var age = Duration.between(Instant.ofEpochMilli(issuedAt(octets)), clock.instant());
        return age.compareTo(life) > 0 ? Verdict.STALE : Verdict.FRESH;
    }

    /// Marks a fresh nonce as used with this count; false if it was already, or may have been.
    synchronized boolean use(String nonce, long count) {
        var counts = used.get(nonce);
        if (counts != null) {
            return counts.use(count);
        }
        if (issuedAt(Base64.getUrlDecoder().decode(nonce)) <= forgottenUntil) {
            return false;
        }
        if (used.size() >= most) {
            forgetOldest();
        }
        counts = new Counts();
        used.put(nonce, counts);
        return counts.use(count);
    }

    private void forgetOldest() {
        var oldest = used.keySet().iterator().next();
        used.remove(oldest);
        forgottenUntil = Math.max(forgottenUntil, issuedAt(Base64.getUrlDecoder().decode(oldest)));
    }

    synchronized int remembered() {
        return used.size();
    }

    private static long issuedAt(byte[] nonce) {
        return ByteBuffer.wrap(nonce).getLong();
    }

    private boolean isOurs(byte[] nonce) {
        return MessageDigest.isEqual(
                Arrays.copyOfRange(nonce, TIME_AND_RANDOM, nonce.length), hash(nonce));
    }

    private byte[] hash(byte[] nonce) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(nonce, 0, TIME_AND_RANDOM);
            return Arrays.copyOf(mac.doFinal(), HASH);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no HmacSHA256", e);
        }
    }

    /// The counts a nonce was used with: the highest, and which of the 63 below it. Datagrams
    /// overtake one another, so a lower one that is new is right too.
    private static final class Counts {

        private static final int WINDOW = 64;

        private long highest;
        private long seen;

        boolean use(long count) {
            if (count > highest) {
                long shift = count - highest;
                seen = (shift < WINDOW ? seen << shift : 0) | 1;
                highest = count;
                return true;
            }
            long bit = highest - count < WINDOW ? 1L << (highest - count) : 0;
            if (bit == 0 || count < 1 || (seen & bit) != 0) {
                return false;
            }
            seen |= bit;
            return true;
        }
    }
}
