package org.fanfare.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// SIPp with our scenarios (`peers/sipp` of the test resources): recipients with scripted answers,
/// phones that register, a sender.
final class Sipp {

    private static final Duration LONG = Duration.ofSeconds(60);

    private Sipp() {}

    /// A recipient on a port of its own, ready; it runs until it is closed.
    static PeerProcess recipient(Path folder, int port, String scenario, Map<String, String> words)
            throws IOException {
        var file = filled(folder, scenario, words);
        var sipp =
                PeerProcess.start(
                        "sipp " + scenario,
                        folder,
                        command(file, port, List.of("-trace_msg", "-message_file", "messages")));
        sipp.awaitUdp(port);
        return sipp;
    }

    /// Registers each user at the contact port given, and waits until all are accepted.
    static void register(Path folder, int corePort, Map<String, Integer> contactPorts)
            throws IOException, InterruptedException {
        var file =
                Peers.fill(
                        "/peers/sipp/register.xml",
                        folder.resolve("register.xml"),
                        Map.of("domain", Peers.DOMAIN));
        var users = new ArrayList<String>(List.of("SEQUENTIAL"));
        contactPorts.forEach((user, port) -> users.add(user + ";" + port));
        var list = Files.write(folder.resolve("users.csv"), users);
        run(
                "register",
                folder,
                corePort,
                file,
                List.of("-inf", list.toString(), "-m", Integer.toString(contactPorts.size())));
    }

    /// Sends one message to many through the port given; fails unless SIPp got the status expected.
    static void sendToMany(Path folder, int corePort, int ownPort, Map<String, String> words)
            throws IOException, InterruptedException {
        var scenario = filled(folder, "send-to-many", words);
        run("send-to-many", folder, corePort, scenario, sending(ownPort));
    }

    /// A sender with a scenario of its own, in which it waits at one place for an INFO.
    static final class Sender implements AutoCloseable {

        private static final String CALL_ID = "call-1";

        private final PeerProcess sipp;
        private final int port;

        private Sender(PeerProcess sipp, int port) {
            this.sipp = sipp;
            this.port = port;
        }

        /// The INFO, when it has come to where it waits: its messages have this text by then.
        void goOnAfter(String text) throws IOException {
            await(text).atMost(LONG).until(() -> messages(sipp).contains(text));
            var info =
                    """
                    INFO sip:%1$s:%2$d SIP/2.0
                    Via: SIP/2.0/UDP %1$s:9;branch=z9hG4bKinfo
                    From: <sip:test@%1$s>;tag=i
                    To: <sip:%1$s>
                    Call-ID: %3$s
                    CSeq: 1 INFO
                    Content-Length: 0

                    """
                            .formatted(Peers.LOOPBACK, port, CALL_ID)
                            .replace("\n", "\r\n")
                            .getBytes(StandardCharsets.US_ASCII);
            var to = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            try (var socket = new DatagramSocket()) {
                socket.send(new DatagramPacket(info, info.length, to));
            }
        }

        /// Fails unless all came as the scenario expects.
        void awaitSuccess() throws InterruptedException {
            Sipp.awaitSuccess(sipp);
        }

        @Override
        public void close() {
            sipp.close();
        }
    }

    static Sender sender(Path folder, int corePort, String scenario, Map<String, String> words)
            throws IOException {
        int port = Peers.freePort();
        var options = new ArrayList<>(sending(port));
        options.addAll(List.of("-cid_str", Sender.CALL_ID));
        return new Sender(
                start(scenario, folder, corePort, filled(folder, scenario, words), options), port);
    }

    /// What it has sent and received.
    static String messages(PeerProcess sipp) throws IOException {
        var file = sipp.folder().resolve("messages");
        return Files.exists(file) ? Files.readString(file) : "";
    }

    private static List<String> sending(int port) {
        return List.of(
                "-m", "1", "-p", Integer.toString(port), "-trace_msg", "-message_file", "messages");
    }

    private static Path filled(Path folder, String scenario, Map<String, String> words)
            throws IOException {
        return Peers.fill(
                "/peers/sipp/" + scenario + ".xml", folder.resolve(scenario + ".xml"), words);
    }

    private static void run(
            String name, Path folder, int corePort, Path scenario, List<String> options)
            throws IOException, InterruptedException {
        try (var sipp = start(name, folder, corePort, scenario, options)) {
            awaitSuccess(sipp);
        }
    }

    private static void awaitSuccess(PeerProcess sipp) throws InterruptedException {
        var status = sipp.awaitEnd(Duration.ofSeconds(70));
        assertThat(status).as("sipp printed:%n%s", sipp.output()).isZero();
    }

    private static PeerProcess start(
            String name, Path folder, int corePort, Path scenario, List<String> options)
            throws IOException {
        var command =
                new ArrayList<>(
                        List.of(
                                "sipp",
                                "-sf",
                                scenario.toString(),
                                "-i",
                                Peers.LOOPBACK,
                                "-nostdin",
                                "-timeout",
                                "60",
                                "-timeout_error"));
        command.addAll(options);
        command.add(Peers.LOOPBACK + ":" + corePort);
        return PeerProcess.start("sipp " + name, folder, command);
    }

    private static List<String> command(Path scenario, int port, List<String> options) {
        var command =
                new ArrayList<>(
                        List.of(
                                "sipp",
                                "-sf",
                                scenario.toString(),
                                "-i",
                                Peers.LOOPBACK,
                                "-p",
                                Integer.toString(port),
                                "-nostdin",
                                "-buff_size",
                                "4194304"));
        command.addAll(options);
        return command;
    }
}
