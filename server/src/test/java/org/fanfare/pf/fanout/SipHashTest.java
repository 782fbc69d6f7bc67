package org.fanfare.pf.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.HexFormat;

class SipHashTest {

    /// From the vectors of the reference implementation: key 00 01 .. 0f, message 00 01 .. 0f.
    @Test
    void givesTheValueOfTheReferenceImplementation() {
        var key = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f");

        var hash = SipHash.keyed(key).of(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

        assertThat(HexFormat.of().toHexDigits(Long.reverseBytes(hash.high())))
                .isEqualTo("6ee2a4ca67b054bb");
        assertThat(HexFormat.of().toHexDigits(Long.reverseBytes(hash.low())))
                .isEqualTo("fd3315bf85230577");
    }

    @Test
    void theIdentitiesOfAMillionLegsDiffer() {
        var message = new SipHash(1, 2);
        var branches = new HashSet<Long>();
        for (int recipient = 0; recipient < 250_000; recipient++) {
            for (int attempt = 1; attempt <= 4; attempt++) {
                branches.add(message.of(((long) recipient << 32) | attempt, 2).low());
            }
        }
        assertThat(branches).hasSize(1_000_000);
    }
}
