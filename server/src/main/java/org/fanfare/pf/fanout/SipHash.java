package org.fanfare.pf.fanout;

/// SipHash-2-4 with 128 bits of result (Aumasson, Bernstein): a keyed hash that costs less than 100
/// ns, so that every leg of a fan-out can have its identity computed instead of stored.
///
/// @param k0 first half of the key
/// @param k1 second half of the key
record SipHash(long k0, long k1) {

    /// The two halves of a result.
    record Hash(long high, long low) {}

    /// The hash of a message of two words.
    Hash of(long first, long second) {
        var state = new State(k0, k1);
        state.absorb(first);
        state.absorb(second);
        state.absorb(16L << 56); // the last word holds the length of the message, 16 octets
        return state.finish();
    }

    /// Reads a key of 16 octets, least significant octet first.
    static SipHash keyed(byte[] key) {
        return new SipHash(littleEndian(key, 0), littleEndian(key, 8));
    }

    private static long littleEndian(byte[] octets, int from) {
        long word = 0;
        for (int i = 7; i >= 0; i--) {
            word = (word << 8) | (octets[from + i] & 0xff);
        }
        return word;
    }

    private static final class State {
        private long v0;
        private long v1;
        private long v2;
        private long v3;

        State(long k0, long k1) {
            v0 = k0 ^ 0x736f6d6570736575L;
            v1 = k1 ^ 0x646f72616e646f6dL ^ 0xee;
            v2 = k0 ^ 0x6c7967656e657261L;
            v3 = k1 ^ 0x7465646279746573L;
        }

        void absorb(long word) {
            v3 ^= word;
            rounds(2);
            v0 ^= word;
        }

        Hash finish() {
            v2 ^= 0xee;
            rounds(4);
            long first = v0 ^ v1 ^ v2 ^ v3;
            v1 ^= 0xdd;
            rounds(4);
            return new Hash(first, v0 ^ v1 ^ v2 ^ v3);
        }

        private void rounds(int count) {
            for (int i = 0; i < count; i++) {
                v0 += v1;
                v1 = Long.rotateLeft(v1, 13) ^ v0;
                v0 = Long.rotateLeft(v0, 32);
                v2 += v3;
                v3 = Long.rotateLeft(v3, 16) ^ v2;
                v0 += v3;
                v3 = Long.rotateLeft(v3, 21) ^ v0;
                v2 += v1;
                v1 = Long.rotateLeft(v1, 17) ^ v2;
                v2 = Long.rotateLeft(v2, 32);
            }
        }
    }
}
