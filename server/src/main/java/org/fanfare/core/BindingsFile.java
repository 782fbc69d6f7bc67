package org.fanfare.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.fanfare.sip.transaction.Timers;
import org.fanfare.sip.transport.Flow;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.TransportLayer;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.uri.NameAddress;
import org.fanfare.wire.MalformedMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The bindings on disk, so that phones need not register again when the lab is started again: a
/// line for each, the whole file anew at most once in [#PAUSE] milliseconds and at the end. What
/// was registered in the last moment before a crash is lost; the phone refreshes it.
final class BindingsFile implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BindingsFile.class);
    private static final long PAUSE = 1_000;
    private static final int FIELDS = 9;

    private final Path file;
    private final String head;
    private final LocationService locations;
    private final Timers timers;
    private boolean due;
    private boolean closed;

    /// @param users how it was known who registers: bindings made under another rule are not
    ///   believed
    BindingsFile(Path file, UserSource users, LocationService locations, Timers timers) {
        this.file = file;
        this.head = "fanfare-bindings 1 " + users.getClass().getSimpleName();
        this.locations = locations;
        this.timers = timers;
    }

    /// Takes over what is still in force, and from now on writes what changes.
    ///
    /// @param transport whose sockets lead back to the phones
    void open(TransportLayer transport, Instant now) throws IOException {
        var lines = Files.exists(file) ? Files.readAllLines(file) : List.<String>of();
        if (!lines.isEmpty() && lines.getFirst().equals(head)) {
            lines.stream().skip(1).forEach(line -> restore(line, transport, now));
        }
        locations.onChange(_ -> changed());
    }

    private void restore(String line, TransportLayer transport, Instant now) {
        try {
            var fields =
                    Stream.of(line.split(" ", -1)).map(f -> URLDecoder.decode(f, UTF_8)).toList();
            if (fields.size() != FIELDS) {
                throw new IllegalArgumentException("expected " + FIELDS + " fields");
            }
            var binding = binding(fields, transport);
            if (binding.isActive(now)) {
                locations.restore(new AddressOfRecord(fields.getFirst()), binding);
            }
        } catch (IOException | MalformedMessage | IllegalArgumentException e) {
            LOG.warn("event=binding-lost file={} reason={}", file, e.getMessage());
        }
    }

    private static Binding binding(List<String> fields, TransportLayer transport)
            throws IOException {
        var protocol =
                TransportProtocol.of(fields.get(6)).orElseThrow(IllegalArgumentException::new);
        var remote =
                new InetSocketAddress(
                        InetAddress.ofLiteral(fields.get(7)), Integer.parseInt(fields.get(8)));
        Flow flow =
                protocol.isReliable()
                        ? new EndedFlow(protocol, remote)
                        : transport.flowTo(Hop.udp(remote));
        return new Binding(
                NameAddress.parse(fields.get(1)),
                Integer.parseInt(fields.get(2)),
                fields.get(3),
                Long.parseLong(fields.get(4)),
                Instant.ofEpochSecond(Long.parseLong(fields.get(5))),
                flow);
    }

    private static String line(AddressOfRecord user, Binding binding) {
        var remote = binding.flow().remote();
        return Stream.of(
                        user.user(),
                        binding.contact(),
                        binding.preference(),
                        binding.callId(),
                        binding.cseq(),
                        binding.expires().getEpochSecond(),
                        binding.flow().protocol().parameter(),
                        remote.getAddress().getHostAddress(),
                        remote.getPort())
                .map(field -> URLEncoder.encode(field.toString(), UTF_8))
                .collect(Collectors.joining(" "));
    }

    private synchronized void changed() {
        if (!due && !closed) {
            due = true;
            timers.after(PAUSE, () -> Thread.ofVirtual().start(this::writeIfOpen));
        }
    }

    private synchronized void writeIfOpen() {
        due = false;
        if (!closed) {
            write();
        }
    }

    private void write() {
        var lines = new ArrayList<>(List.of(head));
        locations.forEach((user, binding) -> lines.add(line(user, binding)));
        try {
            var next = file.resolveSibling(file.getFileName() + ".new");
            Files.write(next, lines);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.warn("event=bindings-not-kept file={} reason={}", file, e.toString());
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            write();
        }
    }
}
