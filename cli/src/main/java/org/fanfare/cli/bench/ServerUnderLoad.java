package org.fanfare.cli.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;

import org.fanfare.server.Configuration;
import org.fanfare.server.FanfareServer;
import org.fanfare.sip.transport.TlsSettings;
import org.fanfare.sip.transport.TlsSettings.ClientAuthentication;
import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/// The server in a process of its own, which tells about itself and measures the floor from its
/// place.
public final class ServerUnderLoad {

    private final OperatingSystemMXBean system =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private final ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    private final CompilationMXBean compilers =
            ManagementFactory.getPlatformMXBean(CompilationMXBean.class);
    private final Floor floor;
    private final FloorOverStream floorOverStream;
    private final StreamFloor streamFloor;
    private final FanfareServer server;

    /// @throws IOException when the files of the section `tls` are not what they must be
    public ServerUnderLoad(int responderPort, List<String> settings) throws IOException {
        var configuration = Configuration.load(null, settings);
        var responder = new InetSocketAddress(InetAddress.getLoopbackAddress(), responderPort);
        floor = new Floor(responder);
        streamFloor = new StreamFloor(responder);
        floorOverStream = new FloorOverStream(responder, tls(configuration));
        server = new FanfareServer(configuration);
    }

    private static @Nullable TlsSettings tls(Configuration configuration) throws IOException {
        var tls = configuration.tls();
        return tls.certificate() == null || tls.key() == null
                ? null
                : TlsSettings.ofPem(
                        tls.certificate(), tls.key(), tls.trust(), ClientAuthentication.NONE);
    }

    /// Says its SIP port and its admin port, then answers each line that comes in, until none comes
    /// any more.
    public void run(InputStream in, Consumer<String> out) throws Exception {
        server.start();
        try (server;
                var lines =
                        new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
            out.accept(
                    server.listening().getLast().address().getPort()
                            + " "
                            + server.adminAddress().orElseThrow().getPort());
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                out.accept(answer(line));
            }
        }
    }

    /// Answers one line: `floor TRANSPORT REQUEST ANSWER SECONDS` with two sizes in octets,
    /// `stream-floor CONNECTIONS OCTETS`, `figures` or `live`.
    private String answer(String line) throws IOException, InterruptedException {
        var command = line.split(" ", -1);
        return switch (command[0]) {
            case "floor" -> Double.toString(floor(command));
            case "stream-floor" ->
                    Double.toString(
                            streamFloor.measure(
                                    Integer.parseInt(command[1]), Long.parseLong(command[2])));
            case "live" -> Long.toString(liveHeap());
            default -> figures().line();
        };
    }

    private double floor(String[] command) throws IOException {
        var sizes = new Responder.Sizes(Integer.parseInt(command[2]), Integer.parseInt(command[3]));
        var time = Duration.ofSeconds(Integer.parseInt(command[4]));
        return command[1].equals("udp")
                ? floor.measure(sizes, time)
                : floorOverStream.measure(sizes, time);
    }

    /// Octets in use after a collection. The most that were in use is counted anew from here.
    private static long liveHeap() {
        var memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        ManagementFactory.getMemoryPoolMXBeans().forEach(MemoryPoolMXBean::resetPeakUsage);
        return memory.getHeapMemoryUsage().getUsed();
    }

    private Figures figures() {
        return new Figures(
                system.getProcessCpuTime(),
                threads.getTotalThreadAllocatedBytes(),
                peakHeap(),
                compilers.getTotalCompilationTime());
    }

    private static long peakHeap() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .mapToLong(ServerUnderLoad::peak)
                .sum();
    }

    private static long peak(MemoryPoolMXBean pool) {
        return pool.getPeakUsage().getUsed();
    }

    /// @param cpuNanos processor time of the process until now
    /// @param allocated octets allocated by its threads until now
    /// @param heapPeak the most octets in use in its heap
    /// @param compiledMillis that its compilers have worked until now, all together
    record Figures(long cpuNanos, long allocated, long heapPeak, long compiledMillis) {

        static Figures parse(String line) {
            var parts = line.split(" ", -1);
            return new Figures(
                    Long.parseLong(parts[0]),
                    Long.parseLong(parts[1]),
                    Long.parseLong(parts[2]),
                    Long.parseLong(parts[3]));
        }

        String line() {
            return cpuNanos + " " + allocated + " " + heapPeak + " " + compiledMillis;
        }
    }
}
