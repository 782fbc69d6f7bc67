package org.fanfare.spool;

/// What spools may take, in octets. A spool counts with its whole length from the first octet on,
/// whether it is in memory or on disk, so that no message fails for want of room when it is
/// complete.
///
/// @param ofMessage the longest content; the CPIM headers are part of it
/// @param ofOriginator all contents that one originator has under way or not delivered yet
/// @param inAll all contents
/// @param memoryOfMessage what one content may keep in memory before it goes to disk; 0 for nothing
/// @param memoryInAll what all of them may keep there
/// @param keptFree what stays free on the disk for the ledger and for others (S1, S2)
public record SpoolLimits(
        long ofMessage,
        long ofOriginator,
        long inAll,
        int memoryOfMessage,
        long memoryInAll,
        long keptFree) {

    public static final SpoolLimits DEFAULT =
            new SpoolLimits(101L << 20, 500L << 20, 10L << 30, 256 << 10, 64L << 20, 64L << 20);

    public SpoolLimits {
        check("ofMessage", ofMessage);
        check("ofOriginator", ofOriginator);
        check("inAll", inAll);
        check("memoryOfMessage", memoryOfMessage);
        check("memoryInAll", memoryInAll);
        check("keptFree", keptFree);
    }

    private static void check(String name, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + ": expected 0 or more, got " + value);
        }
    }

    public SpoolLimits withOfMessage(long octets) {
        return new SpoolLimits(octets, ofOriginator, inAll, memoryOfMessage, memoryInAll, keptFree);
    }

    public SpoolLimits withOfOriginator(long octets) {
        return new SpoolLimits(ofMessage, octets, inAll, memoryOfMessage, memoryInAll, keptFree);
    }

    public SpoolLimits withInAll(long octets) {
        return new SpoolLimits(
                ofMessage, ofOriginator, octets, memoryOfMessage, memoryInAll, keptFree);
    }

    /// Sets both limits of memory.
    ///
    /// @param ofMessage octets of each, see [#memoryOfMessage]
    public SpoolLimits withMemory(int ofMessage, long inAll) {
        return new SpoolLimits(
                this.ofMessage, ofOriginator, this.inAll, ofMessage, inAll, keptFree);
    }

    public SpoolLimits withKeptFree(long octets) {
        return new SpoolLimits(
                ofMessage, ofOriginator, inAll, memoryOfMessage, memoryInAll, octets);
    }
}
