package org.fanfare.msrp;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/// The transaction ids of one session: a random beginning and a number, always of the same length,
/// so that the number can be changed in place. 72 random bits (RFC 4975 7.1 wants them
/// unguessable).
final class TransactionIds {

    private static final String DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final int RANDOM = 14;
    private static final int NUMBER = 7;

    static final int LENGTH = RANDOM + NUMBER;

    private final byte[] beginning;

    TransactionIds(RandomGenerator random) {
        beginning = token(random, RANDOM).getBytes(StandardCharsets.ISO_8859_1);
    }

    /// Letters and digits.
    static String token(RandomGenerator random, int length) {
        var token = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            token.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
        }
        return token.toString();
    }

    /// Writes the id with this number.
    void put(long number, byte[] target, int at) {
        System.arraycopy(beginning, 0, target, at, RANDOM);
        long rest = number;
        for (int i = LENGTH - 1; i >= RANDOM; i--) {
            target[at + i] = (byte) DIGITS.charAt((int) (rest % DIGITS.length()));
            rest /= DIGITS.length();
        }
    }

    String text(long number) {
        var id = new byte[LENGTH];
        put(number, id, 0);
        return new String(id, StandardCharsets.ISO_8859_1);
    }

    /// The number of an id, or -1 when it is not one of these.
    long number(String id) {
        if (id.length() != LENGTH) {
            return -1;
        }
        for (int i = 0; i < RANDOM; i++) {
            if (id.charAt(i) != beginning[i]) {
                return -1;
            }
        }
        long number = 0;
        for (int i = RANDOM; i < LENGTH; i++) {
            int digit = digit(id.charAt(i));
            if (digit < 0) {
                return -1;
            }
            number = number * DIGITS.length() + digit;
        }
        return number;
    }

    private static int digit(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        return c >= 'a' && c <= 'z' ? c - 'a' + 10 : -1;
    }
}
