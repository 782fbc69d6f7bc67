package org.fanfare.cli.bench;

import org.fanfare.cli.bench.Legs.Leg;
import org.fanfare.cli.bench.ServerUnderLoad.Figures;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Large fan-out: this process sends, another one is the server, a third one is all recipients. The
/// server's process also measures the floor against the same third process. They are the same for
/// several loads, which are alike but for their recipients and sizes: to warm up takes longer than
/// to measure.
public final class LargeBench {

    private final List<LargeLoad> loads;
    private final LargeLoad longest;
    private final int heapMiB;

    /// @param loads one or more
    public LargeBench(List<LargeLoad> loads, int heapMiB) {
        this.loads = List.copyOf(loads);
        this.longest =
                loads.stream().max(Comparator.comparingInt(LargeLoad::recipients)).orElseThrow();
        this.heapMiB = heapMiB;
    }

    /// Measures one load after the other and gives the object that `fanfare bench` prints of each.
    public void run(Consumer<Map<String, Object>> out) throws IOException, InterruptedException {
        try (var responder = new Child(List.of("-Xmx512m"), List.of("bench", "large-responder"))) {
            var ports = ports(responder);
            try (var server = new Child(serverJvm(), serverArguments(ports))) {
                var sip = new InetSocketAddress(InetAddress.getLoopbackAddress(), ports(server)[0]);
                try (var sender = new LargeSender(sip, longest.chunk())) {
                    var run = new Run(server, responder, sender);
                    new LargeMeasurement(longest, run).warmUp();
                    for (var load : loads) {
                        out.accept(new LargeMeasurement(load, run).measure());
                    }
                }
            }
        }
    }

    private static int[] ports(Child child) throws IOException {
        return Stream.of(child.read().split(" ", -1)).mapToInt(Integer::parseInt).toArray();
    }

    private List<String> serverJvm() {
        return List.of("-Xmx" + heapMiB + "m", "-Dfanfare.log=warn");
    }

    private List<String> serverArguments(int[] ports) {
        var arguments = new ArrayList<>(List.of("bench", "server", Integer.toString(ports[1])));
        for (var setting : longest.settings(ports[0])) {
            arguments.addAll(List.of("--set", setting));
        }
        return arguments;
    }

    /// The three processes.
    record Run(Child server, Child responder, LargeSender sender) {

        /// One message, until all recipients have it and their sessions have ended.
        ///
        /// @param size octets of it
        /// @param slowRate octets a second that a slow recipient takes
        List<Leg> message(List<String> recipients, int size, long slowRate)
                throws IOException, InterruptedException {
            responder.ask("begin " + slowRate);
            sender.send(recipients, size);
            var told = responder.ask("await " + recipients.size());
            if (told.startsWith("failed")) {
                throw new IOException(told);
            }
            return Stream.of(told.split(" ", -1)).map(Leg::parse).toList();
        }

        Figures figures() throws IOException {
            return Figures.parse(server.ask("figures"));
        }

        long liveHeap() throws IOException {
            return Long.parseLong(server.ask("live"));
        }
    }
}
