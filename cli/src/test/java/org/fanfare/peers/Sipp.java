package org.fanfare.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// SIPp with our scenarios (`peers/sipp` of the test resources): recipients with scripted answers,
/// phones that register, a sender.
final class Sipp {

    private Sipp() {}

    /// A recipient on a port of its own; it runs until it is closed.
    static PeerProcess recipient(Path folder, int port, String scenario, Map<String, String> words)
            throws IOException {
        var file =
                Peers.fill(
                        "/peers/sipp/" + scenario + ".xml",
                        folder.resolve(scenario + ".xml"),
                        words);
        return PeerProcess.start(
                "sipp " + scenario,
                folder,
                command(file, port, List.of("-trace_msg", "-message_file", "messages")));
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
        send(folder, corePort, ownPort, "send-to-many", words);
    }

    /// A sender with a scenario of its own; fails unless all came as the scenario expects.
    static void send(Path folder, int corePort, String scenario, Map<String, String> words)
            throws IOException, InterruptedException {
        send(folder, corePort, Peers.freePort(), scenario, words);
    }

    private static void send(
            Path folder, int corePort, int ownPort, String scenario, Map<String, String> words)
            throws IOException, InterruptedException {
        var file =
                Peers.fill(
                        "/peers/sipp/" + scenario + ".xml",
                        folder.resolve(scenario + ".xml"),
                        words);
        run(
                scenario,
                folder,
                corePort,
                file,
                List.of(
                        "-m",
                        "1",
                        "-p",
                        Integer.toString(ownPort),
                        "-trace_msg",
                        "-message_file",
                        "messages"));
    }

    private static void run(
            String name, Path folder, int corePort, Path scenario, List<String> options)
            throws IOException, InterruptedException {
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
        try (var sipp = PeerProcess.start("sipp " + name, folder, command)) {
            var status = sipp.awaitEnd(Duration.ofSeconds(70));
            if (status != 0) {
                throw new AssertionError(
                        "sipp " + name + " ended with " + status + ":\n" + sipp.output());
            }
        }
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
