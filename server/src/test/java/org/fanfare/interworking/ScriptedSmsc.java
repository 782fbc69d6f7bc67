package org.fanfare.interworking;

import org.fanfare.wire.Octets;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import javax.net.ssl.SSLContext;

/// An SMSC on the wire of SMPP 3.4, written without the library that the server uses: takes what
/// comes, and does with it what the test says.
public final class ScriptedSmsc implements AutoCloseable {

    private static final int SUBMIT_SM = 0x4;
    private static final int DELIVER_SM = 0x5;
    private static final int UNBIND = 0x6;
    private static final int BIND_TRANSCEIVER = 0x9;
    private static final int ENQUIRE_LINK = 0x15;
    private static final int RESPONSE = 0x8000_0000;

    /// What is done with a submission.
    public sealed interface Reaction {

        record Take() implements Reaction {}

        record Refuse(int status) implements Reaction {}

        /// No response, the connection stays.
        record Ignore() implements Reaction {}

        /// Taken, and said so when the test wants it: [ScriptedSmsc#release].
        record Hold() implements Reaction {}

        /// Taken, and said so twice, after the response to a request that nobody has made.
        record Chatter() implements Reaction {}

        /// No response, the connection ends.
        record Cut() implements Reaction {}
    }

    /// A `submit_sm`.
    ///
    /// @param id what it is called, whatever becomes of it
    public record Submit(
            String id,
            int sourceType,
            String source,
            int destinationType,
            String destination,
            int esmClass,
            int registered,
            int coding,
            Octets content) {

        public boolean hasHeader() {
            return (esmClass & 0x40) != 0;
        }

        /// Behind its header, if it has one; of what is both GSM and ASCII.
        public String text() {
            int from = hasHeader() ? content.at(0) + 1 : 0;
            var charset = coding == 8 ? StandardCharsets.UTF_16BE : StandardCharsets.ISO_8859_1;
            var text = new String(content.from(from).toByteArray(), charset);
            return coding == 8 ? text : text.replace('\0', '@'); // where GSM is not ASCII
        }
    }

    /// Longer than any PDU here: what says so speaks something else.
    private static final int LONGEST = 65_536;

    private volatile ServerSocket socket;
    private volatile Thread accepting;

    /// Has the port while nobody listens.
    private final Socket keeper = new Socket();

    private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private final List<Submit> submitted = new CopyOnWriteArrayList<>();
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private final AtomicInteger binds = new AtomicInteger();
    private final AtomicInteger receiptsTaken = new AtomicInteger();
    private final AtomicInteger sequence = new AtomicInteger(1000);
    private volatile Function<Submit, Reaction> script = _ -> new Reaction.Take();
    private volatile String password = "secret";
    private volatile boolean cutsAfterBind;

    public ScriptedSmsc() throws IOException {
        this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }

    /// Over TLS.
    public ScriptedSmsc(SSLContext context) throws IOException {
        this(
                context.getServerSocketFactory()
                        .createServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }

    private ScriptedSmsc(ServerSocket socket) {
        this.socket = socket;
        this.accepting = Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return socket.getLocalPort();
    }

    public void reacts(Function<Submit, Reaction> how) {
        script = how;
    }

    /// Whoever binds from now on is sent away at once.
    public void cutsAfterBind(boolean value) {
        cutsAfterBind = value;
    }

    /// Nobody can connect any more. Nobody else gets the port.
    public void goAway() throws IOException, InterruptedException {
        int port = port();
        socket.close();
        accepting.join(); // until then the port is not free
        cut();
        keeper.setReuseAddress(true);
        keeper.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    public void comeBack() throws IOException {
        int port = keeper.getLocalPort();
        keeper.close();
        socket = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        accepting = Thread.ofVirtual().start(this::accept);
    }

    public void password(String wanted) {
        password = wanted;
    }

    public List<Submit> submitted() {
        return List.copyOf(submitted);
    }

    public int binds() {
        return binds.get();
    }

    /// Connections, whatever was said on them.
    public int accepted() {
        return accepted.get();
    }

    /// How many submissions wait to be told that they are taken.
    public int held() {
        return held.size();
    }

    /// Says of everything that is held that it is taken.
    public void release() {
        for (var one = held.poll(); one != null; one = held.poll()) {
            one.run();
        }
    }

    public int receiptsTaken() {
        return receiptsTaken.get();
    }

    private void accept() {
        try {
            while (true) {
                var connection = socket.accept();
                accepted.incrementAndGet();
                connections.add(connection);
                Thread.ofVirtual().start(() -> serve(connection));
            }
        } catch (IOException _) {
            // closed
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            var in = new DataInputStream(connection.getInputStream());
            while (true) {
                int length = in.readInt();
                if (length < 16 || length > LONGEST) {
                    throw new IOException("no PDU");
                }
                var body = new byte[length - 16];
                int command = in.readInt();
                in.readInt();
                int number = in.readInt();
                in.readFully(body);
                switch (command) {
                    case BIND_TRANSCEIVER -> bind(connection, number, new Fields(body));
                    case ENQUIRE_LINK -> write(connection, ENQUIRE_LINK | RESPONSE, 0, number, "");
                    case SUBMIT_SM -> submit(connection, number, new Fields(body));
                    case UNBIND -> write(connection, UNBIND | RESPONSE, 0, number, "");
                    case DELIVER_SM | RESPONSE -> receiptsTaken.incrementAndGet();
                    default -> {}
                }
            }
        } catch (IOException _) {
            connections.remove(connection);
        }
    }

    private void bind(Socket connection, int number, Fields fields) throws IOException {
        fields.text();
        boolean right = fields.text().equals(password);
        if (right) {
            binds.incrementAndGet();
        }
        write(connection, BIND_TRANSCEIVER | RESPONSE, right ? 0 : 0xe, number, "smsc\0");
        if (cutsAfterBind) {
            connection.close();
        }
    }

    private void submit(Socket connection, int number, Fields fields) throws IOException {
        fields.text();
        int sourceType = fields.octet();
        fields.octet();
        var source = fields.text();
        int destinationType = fields.octet();
        fields.octet();
        var destination = fields.text();
        int esmClass = fields.octet();
        fields.octet();
        fields.octet();
        fields.text();
        fields.text();
        int registered = fields.octet();
        fields.octet();
        int coding = fields.octet();
        fields.octet();
        var content = fields.octets(fields.octet());
        if (content.length == 0 && fields.left() > 4) { // message_payload
            fields.octets(2);
            content = fields.octets(fields.octet() << 8 | fields.octet());
        }
        var submit =
                new Submit(
                        "ID" + (submitted.size() + 1),
                        sourceType,
                        source,
                        destinationType,
                        destination,
                        esmClass,
                        registered,
                        coding,
                        Octets.of(content));
        synchronized (submitted) {
            submitted.add(submit);
        }
        switch (script.apply(submit)) {
            case Reaction.Take() -> taken(connection, number, submit);
            case Reaction.Hold() -> held.add(() -> taken(connection, number, submit));
            case Reaction.Chatter() -> {
                taken(connection, number + 1000, submit);
                taken(connection, number, submit);
                taken(connection, number, submit);
            }
            case Reaction.Refuse(var status) ->
                    write(connection, SUBMIT_SM | RESPONSE, status, number, "");
            case Reaction.Ignore() -> {}
            case Reaction.Cut() -> connection.close();
        }
    }

    private static void taken(Socket connection, int number, Submit submit) {
        try {
            write(connection, SUBMIT_SM | RESPONSE, 0, number, submit.id + "\0");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Tells what became of a message, on the newest connection.
    public void receipt(String id, String state) throws IOException {
        var text =
                "id:%s sub:001 dlvrd:001 submit date:2601010000 done date:2601010000 stat:%s err:000 text:"
                        .formatted(id, state);
        var body = new ByteArrayOutputStream();
        body.writeBytes(new byte[] {0, 1, 1});
        body.writeBytes("15551234\0".getBytes(StandardCharsets.US_ASCII));
        body.writeBytes(new byte[] {1, 1});
        body.writeBytes("15550000\0".getBytes(StandardCharsets.US_ASCII));
        body.writeBytes(new byte[] {4, 0, 0, 0, 0, 0, 0, 0, 0, (byte) text.length()});
        body.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        write(
                connections.getLast(),
                DELIVER_SM,
                0,
                sequence.incrementAndGet(),
                body.toString(StandardCharsets.ISO_8859_1));
    }

    private static void write(Socket to, int command, int status, int number, String body)
            throws IOException {
        var octets = body.getBytes(StandardCharsets.ISO_8859_1);
        var pdu =
                ByteBuffer.allocate(16 + octets.length)
                        .putInt(16 + octets.length)
                        .putInt(command)
                        .putInt(status)
                        .putInt(number)
                        .put(octets);
        synchronized (to) {
            to.getOutputStream().write(pdu.array());
        }
    }

    /// Ends all connections; new ones are taken.
    public void cut() throws IOException {
        for (var connection : connections) {
            connection.close();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        keeper.close();
        cut();
    }

    private static final class Fields {
        private final ByteBuffer octets;

        private Fields(byte[] octets) {
            this.octets = ByteBuffer.wrap(octets);
        }

        int octet() {
            return octets.get() & 0xff;
        }

        byte[] octets(int length) {
            var some = new byte[length];
            octets.get(some);
            return some;
        }

        int left() {
            return octets.remaining();
        }

        String text() {
            var text = new StringBuilder();
            for (int c = octet(); c != 0; c = octet()) {
                text.append((char) c);
            }
            return text.toString();
        }
    }
}
