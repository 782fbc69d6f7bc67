package org.fanfare.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// tshark as an independent reader of what went over the loopback interface.
final class Tshark implements AutoCloseable {

    private final Path folder;
    private final List<Integer> ports;
    private final List<Integer> msrpPorts;
    private final PeerProcess process;

    /// Begins to capture; ports are those that carry SIP.
    Tshark(Path folder, List<Integer> ports) throws IOException {
        this(folder, ports, List.of());
    }

    /// Also what goes over these MSRP ports.
    Tshark(Path folder, List<Integer> ports, List<Integer> msrpPorts) throws IOException {
        Peers.need("tshark");
        this.folder = folder;
        this.ports = List.copyOf(ports);
        this.msrpPorts = List.copyOf(msrpPorts);
        Files.createDirectories(folder);
        var filter =
                Stream.concat(ports.stream(), msrpPorts.stream())
                        .map(port -> "port " + port)
                        .collect(Collectors.joining(" or "));
        process =
                PeerProcess.start(
                        "tshark",
                        folder,
                        List.of("tshark", "-i", "lo", "-B", "32", "-w", capture(), "-f", filter));
        process.orClosed(() -> awaitCapture());
    }

    /// It says that it captures before it does; its file has a head when it does.
    private void awaitCapture() {
        org.awaitility.Awaitility.await("tshark captures")
                .atMost(Duration.ofSeconds(60))
                .until(() -> !process.alive() || new File(capture()).length() > 0);
        assertThat(process.alive()).as(process.output()).isTrue();
    }

    /// Returns when a dissected field has been seen often enough.
    void awaitFrames(String displayFilter, int count, Duration atMost) {
        org.awaitility.Awaitility.await("tshark sees " + count + " of " + displayFilter)
                .atMost(atMost)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> frames(displayFilter, "frame.number").size() >= count);
    }

    /// One line for each frame that the display filter takes, with the fields asked for.
    List<String> frames(String displayFilter, String... fields)
            throws IOException, InterruptedException {
        var command =
                new ArrayList<>(
                        List.of("tshark", "-r", capture(), "-Y", displayFilter, "-T", "fields"));
        for (var field : fields) {
            command.addAll(List.of("-e", field));
        }
        for (var port : ports) {
            command.addAll(
                    List.of(
                            "-d",
                            "udp.port==" + port + ",sip",
                            "-d",
                            "tcp.port==" + port + ",sip"));
        }
        msrpPorts.forEach(port -> command.addAll(List.of("-d", "tcp.port==" + port + ",msrp")));
        var reader =
                new ProcessBuilder(command)
                        .redirectError(folder.resolve("errors").toFile())
                        .start();
        var lines =
                new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .toList();
        reader.waitFor();
        return lines;
    }

    /// Everything that tshark calls malformed, or an error in the protocol.
    void assertNothingMalformed() throws IOException, InterruptedException {
        assertThat(
                        frames(
                                "_ws.malformed or ((sip or msrp) and _ws.expert.severity >="
                                        + " 0x00800000)",
                                "frame.number",
                                "_ws.expert.message"))
                .isEmpty();
    }

    static List<Integer> ports(int... ports) {
        return IntStream.of(ports).boxed().toList();
    }

    private String capture() {
        return folder.resolve("capture.pcap").toString();
    }

    @Override
    public void close() {
        process.close();
    }
}
