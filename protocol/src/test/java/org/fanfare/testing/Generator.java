package org.fanfare.testing;

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
}
