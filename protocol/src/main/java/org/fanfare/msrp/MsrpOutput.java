package org.fanfare.msrp;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

import javax.net.ssl.SSLSocket;

/// What goes out over one connection: content by the thread that sends it, answers by one of their
/// own, so that reading does not wait for writing before very many of them do. Whatever is to be
/// written while a chunk is open interrupts that chunk.
final class MsrpOutput {

    private static final long NEVER = Long.MAX_VALUE;
    private static final int MOST_ANSWERS = 256 * 1024;

    /// Beyond it reading waits: the thread that writes them may have had no turn yet.
    private static final int MANY_ANSWERS = MOST_ANSWERS / 2;

    /// A chunk whose end line is not written yet. It is ended for others that want to write (RFC
    /// 4975 5.1, 7.1.1).
    interface OpenChunk {

        /// The end line with `+`.
        byte[] interruptLine();

        /// It was written.
        void onInterrupted();

        /// A part is about to be written, after which a response may come at any time.
        void onWriting();
    }

    /// The connection.
    interface Owner {

        /// Nothing can be written any more.
        void abort(String reason);

        /// All is written; the end of the stream is about to be.
        void onEnding();

        /// The peer can read the end of the stream.
        void onEnded();
    }

    private final Socket plain;
    private final Socket socket;
    private final Duration progressWithin;
    private final Owner owner;
    private final AtomicBoolean streamEnded = new AtomicBoolean();

    private final ReentrantLock writing = new ReentrantLock();
    private @Nullable OpenChunk open;

    // Answers, guarded by the queue.
    private final ArrayDeque<byte[]> answers = new ArrayDeque<>();
    private int answerOctets;
    private boolean answerWriter;

    /// Of the reading thread. Others see it behind their own look into the queue, which is enough.
    private boolean held;

    private volatile boolean ending;
    private volatile long writeUntil = NEVER;

    /// @param plain what is below TLS, or the same as `socket`
    /// @param progressWithin how long the peer may take none of what is written
    MsrpOutput(Socket plain, Socket socket, Duration progressWithin, Owner owner) {
        this.plain = plain;
        this.socket = socket;
        this.progressWithin = progressWithin;
        this.owner = owner;
    }

    // ---- answers

    /// Answers to what is read now wait for each other: to be called by the thread that reads.
    void hold() {
        held = true;
    }

    /// Those that have come together go. Waits where there are too many; a peer that takes none of
    /// them is cut off.
    void release() {
        held = false;
        startAnswerWriter();
        synchronized (answers) {
            try {
                while (answerOctets > MANY_ANSWERS && !plain.isClosed()) {
                    answers.wait();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// A whole message that need not be waited for.
    void enqueue(byte[] message) {
        boolean tooMany;
        synchronized (answers) {
            answers.add(message);
            answerOctets += message.length;
            tooMany = answerOctets > MOST_ANSWERS;
        }
        if (tooMany) {
            owner.abort("the peer does not take our answers");
        } else if (!held) {
            startAnswerWriter();
        }
    }

    private void startAnswerWriter() {
        synchronized (answers) {
            if (answerWriter || answers.isEmpty()) {
                return;
            }
            answerWriter = true;
        }
        Thread.startVirtualThread(this::writeAnswers);
    }

    private void writeAnswers() {
        try {
            while (writeNextAnswers()) {
                // all there are at a time
            }
        } catch (IOException _) {
            takeAnswers(); // nobody waits for room in vain
            return; // the connection has ended, and said so
        }
        if (ending) {
            endStream();
        }
    }

    private boolean writeNextAnswers() throws IOException {
        writing.lock();
        try {
            var batch = nextAnswers();
            if (batch.length == 0) {
                return false;
            }
            interruptOpen();
            put(ByteBuffer.wrap(batch));
            return true;
        } finally {
            writing.unlock();
        }
    }

    private byte[] nextAnswers() {
        synchronized (answers) {
            if (answers.isEmpty()) {
                answerWriter = false;
            }
            return takeAnswers();
        }
    }

    private byte[] takeAnswers() {
        synchronized (answers) {
            var batch = new byte[answerOctets];
            int at = 0;
            for (var answer : answers) {
                System.arraycopy(answer, 0, batch, at, answer.length);
                at += answer.length;
            }
            answers.clear();
            answerOctets = 0;
            answers.notifyAll();
            return batch;
        }
    }

    // ---- writing

    /// Whole messages. An open chunk is interrupted first.
    void write(byte[] octets, int length) throws IOException {
        writing.lock();
        try {
            interruptOpen();
            putAnswers();
            put(ByteBuffer.wrap(octets, 0, length));
        } finally {
            writing.unlock();
        }
    }

    /// Part of a chunk.
    ///
    /// @param begins whether the head is in it
    /// @param ends whether the end line is in it
    /// @return false when the chunk was interrupted meanwhile; then nothing was written
    @SuppressWarnings("ReferenceEquality") // It is the very chunk that was begun.
    boolean writePart(OpenChunk chunk, boolean begins, boolean ends, ByteBuffer... octets)
            throws IOException {
        writing.lock();
        try {
            if (begins) {
                interruptOpen();
                putAnswers();
                open = chunk;
            } else if (open != chunk) {
                return false;
            }
            chunk.onWriting();
            put(octets);
            if (ends) {
                open = null;
            }
            return true;
        } finally {
            writing.unlock();
        }
    }

    /// A chunk does not overtake the answers that were given before it: a peer may take no SEND
    /// before its own first one has a response.
    private void putAnswers() throws IOException {
        var waiting = takeAnswers();
        if (waiting.length > 0) {
            put(ByteBuffer.wrap(waiting));
        }
    }

    private void interruptOpen() throws IOException {
        var interrupted = open;
        if (interrupted != null) {
            open = null;
            var line = interrupted.interruptLine();
            put(ByteBuffer.wrap(line));
            interrupted.onInterrupted();
        }
    }

    private void put(ByteBuffer... octets) throws IOException {
        if (plain.isClosed()) {
            throw new IOException("the connection is closed");
        }
        try {
            var channel = plain.getChannel();
            if (channel != null && !(socket instanceof SSLSocket)) {
                putAll(channel, octets);
            } else {
                putAll(socket.getOutputStream(), octets);
            }
        } catch (IOException e) {
            owner.abort("writing failed: " + e.getMessage());
            throw e;
        } finally {
            writeUntil = NEVER;
        }
    }

    private void putAll(SocketChannel channel, ByteBuffer... octets) throws IOException {
        while (Arrays.stream(octets).anyMatch(ByteBuffer::hasRemaining)) {
            writeUntil = System.nanoTime() + progressWithin.toNanos();
            channel.write(octets);
        }
    }

    private void putAll(OutputStream out, ByteBuffer... octets) throws IOException {
        for (var part : octets) {
            writeUntil = System.nanoTime() + progressWithin.toNanos();
            if (part.hasArray()) {
                out.write(part.array(), part.arrayOffset() + part.position(), part.remaining());
            } else {
                var copy = new byte[part.remaining()];
                part.get(copy);
                out.write(copy);
            }
        }
    }

    boolean isWriting() {
        return writeUntil != NEVER;
    }

    /// Whether the peer has taken nothing of what is being written for too long.
    boolean isOverdue(long now) {
        return now > writeUntil;
    }

    // ---- the end

    /// Writes what waits, and the end of the stream. Does not wait.
    void end() {
        ending = true;
        boolean idle;
        synchronized (answers) {
            idle = !answerWriter && answers.isEmpty();
        }
        if (idle) {
            Thread.startVirtualThread(this::endStream); // TLS says goodbye, and may wait for it
        } else {
            startAnswerWriter();
        }
    }

    private void endStream() {
        if (!streamEnded.compareAndSet(false, true)) {
            return;
        }
        owner.onEnding();
        writing.lock();
        try {
            interruptOpen();
            socket.shutdownOutput();
        } catch (IOException | UnsupportedOperationException e) {
            owner.abort(e.toString());
        } finally {
            writing.unlock();
        }
        owner.onEnded();
    }
}
