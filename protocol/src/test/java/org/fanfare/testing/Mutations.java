package org.fanfare.testing;

import org.fanfare.wire.Octets;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/// Broken copies of good messages, the same ones in every run.
public final class Mutations {

    /// Octets that mean something to one grammar or another, or nothing to any.
    private static final byte[] INTERESTING = {
        0,
        '\t',
        '\n',
        '\r',
        ' ',
        '"',
        '%',
        '&',
        '-',
        '.',
        '0',
        ':',
        ';',
        '<',
        '=',
        '>',
        '\\',
        'A',
        0x7f,
        (byte) 0x80,
        (byte) 0xc3,
        (byte) 0xff
    };

    private static final int FEW = 3;
    private static final int MANY = 10_000;

    private Mutations() {}

    /// How many seeded mutations of each vector to try: the system property `fanfare.mutations`.
    public static int count() {
        return Integer.getInteger("fanfare.mutations", 300);
    }

    /// Every prefix, the empty one first, the whole not.
    public static void prefixes(Octets octets, Consumer<Octets> judge) {
        for (int length = 0; length < octets.length(); length++) {
            judge.accept(octets.slice(0, length));
        }
    }

    /// Every octet in turn replaced by a few of the interesting ones (by all of them when many
    /// mutations are asked for), with its low bit turned, left out and doubled.
    public static void oneOctetChanges(Octets octets, Consumer<Octets> judge) {
        int replacements = count() > MANY ? INTERESTING.length : FEW;
        for (int i = 0; i < octets.length(); i++) {
            for (int k = 0; k < replacements; k++) {
                byte octet = INTERESTING[(i * replacements + k) % INTERESTING.length];
                judge.accept(replaced(octets, i, octet));
            }
            judge.accept(replaced(octets, i, (byte) (octets.at(i) ^ 1)));
            judge.accept(joined(octets.slice(0, i), octets.from(i + 1)));
            judge.accept(joined(octets.slice(0, i + 1), octets.from(i)));
        }
    }

    private static Octets replaced(Octets octets, int index, byte octet) {
        var copy = octets.toByteArray();
        copy[index] = octet;
        return Octets.of(copy);
    }

    private static Octets joined(Octets... parts) {
        int length = 0;
        for (var part : parts) {
            length += part.length();
        }
        var all = new byte[length];
        int offset = 0;
        for (var part : parts) {
            part.copyTo(all, offset);
            offset += part.length();
        }
        return Octets.of(all);
    }

    /// `count` copies, each with one to four changes: octets set, stretches left out, doubled,
    /// moved or taken from another vector.
    public static void seeded(
            Octets octets, List<Octets> others, long seed, int count, Consumer<Octets> judge) {
        var random = new SplittableRandom(seed);
        for (int i = 0; i < count; i++) {
            var changed = octets;
            for (int change = random.nextInt(1, 5); change > 0; change--) {
                changed = changed(changed, others, random);
            }
            judge.accept(changed);
        }
    }

    private static Octets changed(Octets octets, List<Octets> others, SplittableRandom random) {
        int from = random.nextInt(octets.length() + 1);
        int to = from + random.nextInt(Math.min(64, octets.length() - from) + 1);
        var before = octets.slice(0, from);
        var stretch = octets.slice(from, to);
        var after = octets.from(to);
        return switch (random.nextInt(6)) {
            case 0 -> joined(before, after);
            case 1 -> joined(before, stretch, stretch, after);
            case 2 -> joined(before, after, stretch);
            case 3 ->
                    joined(before, part(others.get(random.nextInt(others.size())), random), after);
            case 4 -> joined(before, noise(random), after);
            default ->
                    octets.isEmpty()
                            ? noise(random)
                            : replaced(octets, random.nextInt(octets.length()), octet(random));
        };
    }

    private static Octets part(Octets other, SplittableRandom random) {
        int from = random.nextInt(other.length() + 1);
        return other.slice(from, from + random.nextInt(other.length() - from + 1));
    }

    private static Octets noise(SplittableRandom random) {
        var noise = new byte[random.nextInt(1, 9)];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = octet(random);
        }
        return Octets.of(noise);
    }

    private static byte octet(SplittableRandom random) {
        return random.nextBoolean()
                ? INTERESTING[random.nextInt(INTERESTING.length)]
                : (byte) random.nextInt(256);
    }
}
