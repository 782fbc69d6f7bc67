package org.fanfare.peers;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// What the tests with real programs share: is the program here, which port is free, a file with
/// its words filled in.
public final class Peers {

    static final String DOMAIN = "home.example";
    static final String LOOPBACK = "127.0.0.1";

    /// Above the usual ports of servers, below those that Linux gives by itself.
    private static final int LOWEST_PORT = 12_000;

    private static final int PORTS = 20_000;

    /// Begins anywhere: another build may run on this machine.
    private static final AtomicInteger NEXT_PORT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(PORTS));

    private Peers() {}

    /// Ends the test as not run, by name, where the program is not installed; `./check` installs it
    /// when it may.
    public static void need(String program) {
        var found =
                Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        assumeTrue(
                found || Files.isExecutable(Path.of("/usr/sbin", program)),
                "NOT RUN: " + program + " is not installed");
    }

    /// The same for a module of Kamailio, which comes in packages of its own.
    static void needKamailioModule(String module) throws IOException {
        try (var folders = Files.newDirectoryStream(Path.of("/usr/lib"), "*-linux-gnu*")) {
            for (var folder : folders) {
                if (Files.exists(folder.resolve("kamailio/modules/" + module + ".so"))) {
                    return;
                }
            }
        }
        assumeTrue(false, "NOT RUN: the module " + module + " of Kamailio is not installed");
    }

    /// The same for a module of Perl, given as its file.
    static void needPerlModule(String module) throws Exception {
        var process = new ProcessBuilder("perl", "-e", "require '" + module + "'").start();
        assumeTrue(process.waitFor() == 0, "NOT RUN: the module " + module + " of Perl is missing");
    }

    /// A port that is free for UDP and TCP on the loopback address, and stays so until it is taken:
    /// nobody is given it twice, and the system gives none of this range to who wants any.
    public static int freePort() throws IOException {
        for (int attempt = 0; attempt < 1_000; attempt++) {
            int port = LOWEST_PORT + Math.floorMod(NEXT_PORT.getAndIncrement(), PORTS);
            var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            try (var _ = new ServerSocket(port, 1, address.getAddress());
                    var _ = new DatagramSocket(address)) {
                return port;
            } catch (BindException taken) {
                // by whom it was made for
            }
        }
        throw new IOException("no port is free for both UDP and TCP");
    }

    /// An address of this machine that does not say so: what is sent to it takes the loopback
    /// interface all the same. Ends the test as not run where there is none.
    static String ownAddress() throws IOException {
        var found =
                NetworkInterface.networkInterfaces()
                        .flatMap(NetworkInterface::inetAddresses)
                        .filter(address -> address instanceof Inet4Address)
                        .filter(a -> !a.isLoopbackAddress() && !a.isLinkLocalAddress())
                        .map(InetAddress::getHostAddress)
                        .findFirst();
        assumeTrue(found.isPresent(), "NOT RUN: this machine has no address but loopback");
        return found.orElseThrow();
    }

    /// Copies a file of the test resources, each `@word@` replaced, and gives the copy's path.
    static Path fill(String resource, Path target, Map<String, String> words) throws IOException {
        try (var in = Peers.class.getResourceAsStream(resource)) {
            var text =
                    new String(
                            java.util.Objects.requireNonNull(in, resource).readAllBytes(),
                            java.nio.charset.StandardCharsets.UTF_8);
            for (var word : words.entrySet()) {
                text = text.replace("@" + word.getKey() + "@", word.getValue());
            }
            Files.createDirectories(target.getParent());
            return Files.writeString(target, text);
        }
    }
}
