package org.fanfare.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Memory is bounded by what is in work, in ten octets a recipient.
class LedgerMemoryTest {

    @TempDir Path directory;

    @Test
    void listsOf100000FitIntoASmallHeapAlsoWhenTheyAreResumed() throws Exception {
        var process =
                new ProcessBuilder(
                                LedgerChild.java(
                                        List.of("-Xmx64m", "-XX:+ExitOnOutOfMemoryError"),
                                        LongListChild.class,
                                        directory.resolve("ledger").toString()))
                        .redirectErrorStream(true)
                        .start();
        var output = new String(process.getInputStream().readAllBytes(), UTF_8);

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        assertThat(output).contains("resumed 250000, delivered 100000");
    }
}
