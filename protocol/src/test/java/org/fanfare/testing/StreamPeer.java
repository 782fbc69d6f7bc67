package org.fanfare.testing;

import org.fanfare.sip.SipMessage;
import org.fanfare.sip.SipParser;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/// The other side of a TCP or TLS connection, octet by octet.
public final class StreamPeer implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket socket;
    private final InputStream in;

    public StreamPeer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = socket.getInputStream();
    }

    public static StreamPeer connect(InetSocketAddress to) throws IOException {
        return new StreamPeer(new Socket(to.getAddress(), to.getPort()));
    }

    public void send(String text) throws IOException {
        send(Octets.utf8(text));
    }

    public void send(Octets octets) throws IOException {
        octets.writeTo(socket.getOutputStream());
    }

    /// The next whole message, waited for.
    public SipMessage take() throws IOException {
        var octets = new ByteArrayOutputStream();
        var head = "";
        while (!head.endsWith("\r\n\r\n")) {
            octets.write(expectOctet());
            head = octets.toString(StandardCharsets.UTF_8);
        }
        octets.write(in.readNBytes(contentLength(head)));
        return SipParser.parse(Octets.of(octets.toByteArray()), Limits.DEFAULT);
    }

    public SipRequest takeRequest() throws IOException {
        return (SipRequest) take();
    }

    public SipResponse takeResponse() throws IOException {
        return (SipResponse) take();
    }

    /// The next octets, waited for.
    public String take(int octets) throws IOException {
        return new String(in.readNBytes(octets), StandardCharsets.UTF_8);
    }

    private static int contentLength(String head) {
        return head.lines()
                .filter(line -> line.regionMatches(true, 0, "Content-Length:", 0, 15))
                .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
                .findFirst()
                .orElseThrow();
    }

    private int expectOctet() throws IOException {
        int octet = in.read();
        if (octet < 0) {
            throw new AssertionError("the connection was closed");
        }
        return octet;
    }

    /// True when the other side ends the connection, in whatever way, and sends nothing before.
    public boolean isClosedByPeer() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the connection is still open", e);
        } catch (IOException e) {
            return true;
        }
    }

    public Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
