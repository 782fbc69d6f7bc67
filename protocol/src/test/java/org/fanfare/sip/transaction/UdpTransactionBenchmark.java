package org.fanfare.sip.transaction;

import org.fanfare.sip.Method;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.ListenPoint;
import org.fanfare.sip.transport.TransportLayer;
import org.fanfare.wire.Octets;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// MESSAGE transactions over loopback UDP to a responder in another process, by bare sockets (the
/// floor) and by the transaction layer, with the same octets and the same number under way.
///
/// Arguments: count, window, rounds. Prints transactions a second and the CPU time of this process
/// for each.
final class UdpTransactionBenchmark {

    private static final int BODY = 600;
    private static final int BUFFER = 4 * 1024 * 1024;

    private UdpTransactionBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0 && arguments[0].equals("respond")) {
            respond();
            return;
        }
        int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200_000;
        int window = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 200;
        int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 3;
        var responder = startResponder();
        try {
            var out =
                    new BufferedReader(
                            new InputStreamReader(
                                    responder.getInputStream(), StandardCharsets.US_ASCII));
            var port = Integer.parseInt(out.readLine());
            var to = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
            for (int i = 0; i < rounds; i++) {
                measure("floor", count, () -> bare(to, count, window));
                measure("layer", count, () -> layer(to, count, window));
            }
        } finally {
            responder.destroy();
        }
    }

    private interface Run {
        void run() throws Exception;
    }

    private static void measure(String what, int count, Run run) throws Exception {
        long cpu = cpuNanos();
        long start = System.nanoTime();
        run.run();
        double seconds = (System.nanoTime() - start) / 1e9;
        double micros = (cpuNanos() - cpu) / 1e3 / count;
        System.out.printf(
                Locale.ROOT, "%s: %,.0f/s, %.2f us CPU each%n", what, count / seconds, micros);
    }

    private static long cpuNanos() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
    }

    private static Process startResponder() throws IOException {
        return new ProcessBuilder(
                        List.of(
                                ProcessHandle.current().info().command().orElse("java"),
                                "-cp",
                                System.getProperty("java.class.path"),
                                UdpTransactionBenchmark.class.getName(),
                                "respond"))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static byte[] request(String branch) {
        var head =
                "MESSAGE sip:+15550100@home.example;user=phone SIP/2.0\r\n"
                        + "Via: SIP/2.0/UDP pf.home.example:5062;branch="
                        + branch
                        + ";rport\r\n"
                        + "From: <sip:alice@home.example>;tag=8a7f4c2e\r\n"
                        + "To: <sip:+15550100@home.example;user=phone>\r\n"
                        + "Call-ID: "
                        + branch
                        + "@pf.home.example\r\n"
                        + "CSeq: 1 MESSAGE\r\n"
                        + "Max-Forwards: 69\r\n"
                        + "P-Asserted-Identity: <sip:alice@home.example>\r\n"
                        + "Accept-Contact:"
                        + " *;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg\"\r\n"
                        + "Content-Type: message/cpim\r\n"
                        + "Content-Length: "
                        + BODY
                        + "\r\n\r\n";
        return (head + "x".repeat(BODY)).getBytes(StandardCharsets.US_ASCII);
    }

    /// Answers everything with 200, copying the five lines behind the request line.
    private static void respond() throws IOException {
        try (var channel = channel()) {
            System.out.println(((InetSocketAddress) channel.getLocalAddress()).getPort());
            var status = "SIP/2.0 200 OK".getBytes(StandardCharsets.US_ASCII);
            var end = "\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            var in = ByteBuffer.allocateDirect(65_536);
            var out = ByteBuffer.allocateDirect(65_536);
            while (true) {
                in.clear();
                var from = channel.receive(in);
                in.flip();
                int lines = 0;
                int first = 0;
                int at = 0;
                while (lines < 6) {
                    if (in.get(at) == '\r' && lines++ == 0) {
                        first = at;
                    }
                    at++;
                }
                out.clear().put(status).put(in.limit(at - 1).position(first)).put(end).flip();
                channel.send(out, from);
            }
        }
    }

    private static DatagramChannel channel() throws IOException {
        var channel = DatagramChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER);
        channel.setOption(StandardSocketOptions.SO_SNDBUF, BUFFER);
        return channel.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
    }

    private static void bare(InetSocketAddress to, int count, int window) throws IOException {
        var request = ByteBuffer.allocateDirect(2048).put(request(branch(0))).flip();
        var in = ByteBuffer.allocateDirect(65_536);
        try (var channel = channel()) {
            for (int sent = 0, received = 0; received < count; ) {
                while (sent < count && sent - received < window) {
                    channel.send(request.rewind(), to);
                    sent++;
                }
                in.clear();
                channel.receive(in);
                received++;
            }
        }
    }

    private static String branch(int number) {
        return "z9hG4bK" + "%016x".formatted(number);
    }

    private static void layer(InetSocketAddress to, int count, int window) throws Exception {
        try (var timers = new WheelTimers();
                var layer =
                        new TransactionLayer(
                                TransportLayer.builder()
                                        .listen(ListenPoint.parse("udp:127.0.0.1:0")),
                                transaction -> {},
                                timers)) {
            layer.start();
            var sender = new Sender(layer, Hop.udp(to), count);
            // From a virtual thread, as a request is served.
            var starter =
                    Thread.startVirtualThread(() -> {
                        for (int i = 0; i < window; i++) {
                            sender.sendNext();
                        }
                    });
            starter.join();
            sender.done.await();
            if (sender.failed.get() > 0) {
                System.out.println(sender.failed + " failed");
            }
        }
    }

    /// Sends one more for each that has ended, as a fan-out does.
    private static final class Sender implements ResponseListener {

        private final TransactionLayer layer;
        private final Hop hop;
        private final int count;
        private final AtomicInteger sent = new AtomicInteger();
        private final AtomicInteger failed = new AtomicInteger();
        private final CountDownLatch done;
        private final byte[] template = request(branch(0));
        private final int first;
        private final int second;
        private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

        Sender(TransactionLayer layer, Hop hop, int count) {
            this.layer = layer;
            this.hop = hop;
            this.count = count;
            done = new CountDownLatch(count);
            var text = new String(template, StandardCharsets.US_ASCII);
            first = text.indexOf("z9hG4bK") + 7;
            second = text.indexOf("z9hG4bK", first) + 7;
        }

        void sendNext() {
            int number = sent.getAndIncrement();
            if (number >= count) {
                return;
            }
            var wire = template.clone();
            long value = number * 0x9E3779B97F4A7C15L;
            for (int i = 0; i < 16; i++) {
                byte digit = HEX[(int) (value >>> (60 - 4 * i)) & 15];
                wire[first + i] = digit;
                wire[second + i] = digit;
            }
            var branch = new String(wire, first - 7, 23, StandardCharsets.US_ASCII);
            layer.send(new OutgoingRequest(Octets.of(wire), branch, Method.MESSAGE), hop, this);
        }

        @Override
        public void onFinal(SipResponse response) {
            done.countDown();
            sendNext();
        }

        @Override
        public void onTimeout() {
            failed.incrementAndGet();
            done.countDown();
            sendNext();
        }

        @Override
        public void onTransportFailure(IOException cause) {
            onTimeout();
        }
    }
}
