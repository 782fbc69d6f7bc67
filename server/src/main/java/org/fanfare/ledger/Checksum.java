package org.fanfare.ledger;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// Finds a record that is not what was written: the databases check their structure, not our
/// octets.
final class Checksum {

    private final CRC32C crc = new CRC32C();

    private Checksum() {}

    static Checksum of(long... numbers) {
        return new Checksum().and(numbers);
    }

    Checksum and(long... numbers) {
        var octets = ByteBuffer.allocate(numbers.length * Long.BYTES);
        for (long number : numbers) {
            octets.putLong(number);
        }
        return and(octets.array());
    }

    Checksum and(byte[] octets) {
        crc.update(octets);
        return this;
    }

    long value() {
        return crc.getValue();
    }
}
