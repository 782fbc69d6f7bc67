package org.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

class BenchCommandTest {

    @TempDir Path folder;

    @Test
    void aSmallFanOutGivesTheKeysOfTheContract() throws Exception {
        try (var bench =
                Launched.fanfare(folder, "bench", "pager", "--recipients=10", "--legs=2000")) {
            var ran = bench.ended();

            assertThat(ran.status()).as(ran.err()).isEqualTo(ExitStatus.DONE);
            var figures = ran.lastEvent();
            assertThat(figures.propertyNames())
                    .contains(
                            "legsPerSecond",
                            "floorPerSecond",
                            "ratio",
                            "recipients",
                            "p50ms",
                            "p99ms",
                            "cpuMicrosPerLeg",
                            "heapMiB",
                            "cores",
                            "java");
            assertThat(figures.get("recipients").asInt()).isEqualTo(10);
            assertThat(figures.get("legsPerSecond").asDouble()).isPositive();
            assertThat(figures.get("floorPerSecond").asDouble()).isPositive();
            assertThat(figures.get("p99ms").asDouble()).isPositive();
        }
    }

    @Test
    void overTlsTheFloorIsMeasuredOverTlsToo() throws Exception {
        try (var bench =
                Launched.fanfare(
                        folder,
                        "bench",
                        "pager",
                        "--recipients=10",
                        "--legs=1000",
                        "--transport=tls")) {
            var ran = bench.ended();

            assertThat(ran.status()).as(ran.err()).isEqualTo(ExitStatus.DONE);
            var figures = ran.lastEvent();
            assertThat(figures.get("transport").asString()).isEqualTo("tls");
            assertThat(figures.get("legsPerSecond").asDouble()).isPositive();
            assertThat(figures.get("floorPerSecond").asDouble()).isPositive();
        }
    }

    /// G22: a run that waited for the dead would take 32 seconds, and nobody else would have an
    /// outcome by the limit of the test.
    @Test
    void withDeadRecipientsTheLivingAreMeasured() throws Exception {
        try (var bench =
                Launched.fanfare(
                        folder, "bench", "pager", "--recipients=100", "--legs=2000", "--dead=30")) {
            var ran = bench.ended();

            assertThat(ran.status()).as(ran.err()).isEqualTo(ExitStatus.DONE);
            var figures = ran.lastEvent();
            assertThat(figures.get("deadPercent").asInt()).isEqualTo(30);
            assertThat(figures.get("legsPerSecond").asDouble()).isPositive();
            assertThat(figures.get("othersSlower").asDouble()).isPositive();
            assertThat(figures.get("othersP99Slower").asDouble()).isPositive();
        }
    }

    @Test
    void aSmallLargeMessageGivesTheKeysOfTheContract() throws Exception {
        try (var bench =
                Launched.fanfare(
                        folder,
                        "bench",
                        "large",
                        "--recipients=2,5",
                        "--size=64KiB",
                        "--messages=2",
                        "--chunk=0",
                        "--no-ledger")) {
            var ran = bench.ended();

            assertThat(ran.status()).as(ran.err()).isEqualTo(ExitStatus.DONE);
            assertThat(ran.events())
                    .extracting(event -> event.get("recipients").asInt())
                    .containsExactly(2, 5);
            var figures = ran.lastEvent();
            assertThat(figures.propertyNames())
                    .contains(
                            "legsPerSecond",
                            "floorPerSecond",
                            "ratio",
                            "recipients",
                            "p50ms",
                            "p99ms",
                            "cpuMicrosPerLeg",
                            "heapMiB",
                            "cores",
                            "java",
                            "octetsPerSecond",
                            "floorOctetsPerSecond",
                            "size",
                            "chunk",
                            "slowPercent",
                            "lastLegMs",
                            "bytesPerLeg");
            assertThat(figures.get("size").asInt()).isEqualTo(64 << 10);
            assertThat(figures.get("octetsPerSecond").asDouble()).isPositive();
            assertThat(figures.get("floorOctetsPerSecond").asDouble()).isPositive();
            assertThat(figures.get("sessionsAtOnce").asInt()).isEqualTo(5);
            assertThat(figures.get("p99ms").asDouble()).isPositive();
        }
    }

    @Test
    void parsingIsMeasuredOnOneCore() {
        var ran = Ran.fanfare("bench", "parse", "--seconds=1");

        assertThat(ran.status()).as(ran.err()).isEqualTo(ExitStatus.DONE);
        assertThat(ran.lastEvent().get("parsesPerSecond").asLong()).isPositive();
        assertThat(ran.lastEvent().get("parsesAndWritesPerSecond").asLong()).isPositive();
        assertThat(ran.lastEvent().get("cores").asInt()).isEqualTo(1);
    }

    @Test
    void aBenchOfNothingIsWrongUsage() {
        assertThat(Ran.fanfare("bench").status()).isEqualTo(ExitStatus.USAGE);
        assertThat(Ran.fanfare("bench", "pager", "--recipients=0").status())
                .isEqualTo(ExitStatus.USAGE);
        assertThat(Ran.fanfare("bench", "pager", "--transport=pigeon").status())
                .isEqualTo(ExitStatus.USAGE);
        assertThat(Ran.fanfare("bench", "pager", "--recipients=10", "--dead=30").status())
                .isEqualTo(ExitStatus.USAGE);
        assertThat(Ran.fanfare("bench", "large", "--size=101MiB").status())
                .isEqualTo(ExitStatus.USAGE);
    }
}
