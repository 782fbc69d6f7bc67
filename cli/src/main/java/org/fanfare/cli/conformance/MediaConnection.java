package org.fanfare.cli.conformance;

import org.fanfare.uri.HostPort;
import org.fanfare.wire.Octets;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A connection for MSRP, read strictly by the grammar of RFC 4975 9 and without our own decoder:
/// what does not fit is an error.
final class MediaConnection implements AutoCloseable {

    private final Socket socket;
    private final InputStream in;

    MediaConnection(Socket socket) throws IOException {
        this.socket = socket;
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
    }

    static MediaConnection connect(HostPort to, Duration within) throws IOException {
        var socket = new Socket();
        try {
            int millis = Math.toIntExact(within.toMillis());
            socket.connect(new InetSocketAddress(to.hostWithoutBrackets(), to.port()), millis);
            socket.setTcpNoDelay(true);
            return new MediaConnection(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /// Where the last URI of a path leads for a direct connection (RFC 4975 6).
    static HostPort addressOf(String path) {
        var first = path.split(" ", 2)[0];
        return HostPort.parse(first.replaceFirst("msrps?://", "").replaceFirst("/.*", ""));
    }

    synchronized void write(byte[] octets) throws IOException {
        socket.getOutputStream().write(octets);
    }

    void patience(Duration within) throws IOException {
        socket.setSoTimeout(Math.toIntExact(within.toMillis()));
    }

    /// The next one; empty at the end of the stream.
    Optional<Frame> next() throws IOException {
        var start = line();
        if (start.isEmpty()) {
            return Optional.empty();
        }
        var words = start.split(" ", 4);
        if (words.length < 3 || !words[0].equals("MSRP") || !words[1].matches("[\\w.+%=-]{4,32}")) {
            throw new IOException("MSRP start line: " + start);
        }
        var fields = new LinkedHashMap<String, String>();
        var end = "-------" + words[1];
        for (var line = line(); !line.isEmpty(); line = line()) {
            if (line.startsWith(end)) {
                return Optional.of(
                        new Frame(start, words[1], checked(fields), Octets.EMPTY, flag(line, end)));
            }
            int colon = line.indexOf(": ");
            if (colon < 1
                    || fields.put(line.substring(0, colon), line.substring(colon + 2)) != null) {
                throw new IOException("MSRP header field: " + line);
            }
        }
        var content = content("\r\n" + end);
        return Optional.of(
                new Frame(start, words[1], checked(fields), content, flag(end + line(), end)));
    }

    private static Map<String, String> checked(Map<String, String> fields) throws IOException {
        if (!List.of("To-Path", "From-Path").equals(fields.keySet().stream().limit(2).toList())) {
            throw new IOException("MSRP header fields begin with " + fields.keySet());
        }
        return fields;
    }

    private static char flag(String line, String end) throws IOException {
        var flag = line.substring(end.length());
        if (!flag.matches("[$+#]")) {
            throw new IOException("MSRP end line: " + line);
        }
        return flag.charAt(0);
    }

    private Octets content(String end) throws IOException {
        var octets = new ByteArrayOutputStream();
        var last = end.getBytes(StandardCharsets.US_ASCII);
        int matched = 0;
        while (matched < last.length) {
            int octet = octet();
            octets.write(octet);
            // CR occurs in an end line once, at its start.
            matched = octet == last[matched] ? matched + 1 : octet == last[0] ? 1 : 0;
        }
        return Octets.of(octets.toByteArray(), 0, octets.size() - last.length);
    }

    /// Without its end; empty also at the end of the stream.
    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet != '\n'; octet = octet()) {
            if (octet < 0) {
                return "";
            }
            line.write(octet);
        }
        var text = line.toString(StandardCharsets.UTF_8);
        if (!text.endsWith("\r")) {
            throw new IOException("MSRP line without CR: " + text);
        }
        return text.substring(0, text.length() - 1);
    }

    private int octet() throws IOException {
        int octet = in.read();
        if (octet < 0) {
            throw new EOFException("the MSRP stream ends in a message");
        }
        return octet;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException _) {
            // it is gone in any case
        }
    }
}
