package org.fanfare.testing;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/// Random values for property tests, all from one seed, so that a failure can be played again.
public final class Generator {

    private final Random random;

    public Generator(long seed) {
        random = new Random(seed);
    }

    /// Runs the property with generators of the seeds `first`, `first + 1`... What it throws comes
    /// out with the seed.
    public static void forEachSeed(long first, int count, Consumer<Generator> property) {
        for (long seed = first; seed < first + count; seed++) {
            try {
                property.accept(new Generator(seed));
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("with seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    /// From 0 to `bound - 1`.
    public int below(int bound) {
        return random.nextInt(bound);
    }

    /// From `min` to `max`.
    public int between(int min, int max) {
        return random.nextInt(min, max + 1);
    }

    public boolean chance(int percent) {
        return below(100) < percent;
    }

    @SafeVarargs
    public final <T> T oneOf(T... values) {
        return values[below(values.length)];
    }

    public <T> T oneOf(List<T> values) {
        return values.get(below(values.size()));
    }

    /// Text of `min` to `max` characters of the alphabet.
    public String text(String alphabet, int min, int max) {
        var codePoints = alphabet.codePoints().toArray();
        var text = new StringBuilder();
        for (int i = between(min, max); i > 0; i--) {
            text.appendCodePoint(codePoints[below(codePoints.length)]);
        }
        return text.toString();
    }

    public byte[] octets(int min, int max) {
        var octets = new byte[between(min, max)];
        random.nextBytes(octets);
        return octets;
    }

    /// One to four changes: octets replaced, inserted, removed, doubled, swapped with others, or
    /// cut off; likelier than others are octets that mean something in a protocol of text.
    public byte[] mutate(byte[] original) {
        var changed = original.clone();
        for (int i = between(1, 4); i > 0 && changed.length > 1; i--) {
            changed = mutateOnce(changed);
        }
        return changed;
    }

    private byte[] mutateOnce(byte[] octets) {
        int at = below(octets.length);
        int length = Math.min(octets.length - at, between(1, chance(80) ? 3 : 200));
        return switch (below(6)) {
            case 0 -> replace(octets, at);
            case 1 -> splice(octets, at, 0, new byte[] {octet()});
            case 2 -> splice(octets, at, length, new byte[0]);
            case 3 -> splice(octets, at, 0, Arrays.copyOfRange(octets, at, at + length));
            case 4 -> splice(octets, below(octets.length), 0, octets(1, 8));
            default -> Arrays.copyOf(octets, at);
        };
    }

    private byte[] replace(byte[] octets, int at) {
        octets[at] = octet();
        return octets;
    }

    private byte octet() {
        var telling = "\r\n\t \0\"\\<>;,:=?@/%[]0123456789-+z\u007f";
        return chance(70) ? (byte) telling.charAt(below(telling.length())) : (byte) below(256);
    }

    private static byte[] splice(byte[] octets, int at, int remove, byte[] insert) {
        var result = new byte[octets.length - remove + insert.length];
        System.arraycopy(octets, 0, result, 0, at);
        System.arraycopy(insert, 0, result, at, insert.length);
        System.arraycopy(
                octets, at + remove, result, at + insert.length, octets.length - at - remove);
        return result;
    }
}
