package org.fanfare.msrp;

import org.fanfare.wire.Octets;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Takes every message and answers 200.
class Inbox implements MsrpReceiver {

    private static final int PATIENCE_SECONDS = 10;

    private final Map<String, ByteArrayOutputStream> open = new ConcurrentHashMap<>();
    private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    record Message(String id, String contentType, Octets content) {}

    @Override
    public void onChunk(IncomingChunk chunk) {
        open.computeIfAbsent(chunk.messageId(), _ -> new ByteArrayOutputStream());
    }

    @Override
    public void onContent(IncomingChunk chunk, ByteBuffer octets) {
        Objects.requireNonNull(open.get(chunk.messageId()))
                .writeBytes(Octets.copyOf(octets).toByteArray());
    }

    @Override
    public void onEnd(IncomingChunk chunk, Continuation continuation) {
        switch (continuation) {
            case MORE -> {}
            case ABORTED -> {
                open.remove(chunk.messageId());
                events.add("aborted " + chunk.messageId());
            }
            case COMPLETE -> {
                var whole = Objects.requireNonNull(open.remove(chunk.messageId()));
                var content = Octets.of(whole.toByteArray());
                messages.add(
                        new Message(chunk.messageId(), chunk.contentType().orElse(""), content));
            }
        }
        answer(chunk, continuation);
    }

    void answer(IncomingChunk chunk, Continuation continuation) {
        chunk.respond(MsrpStatus.OK);
    }

    @Override
    public void onLost(String messageId, String reason) {
        open.remove(messageId);
        events.add("lost " + messageId);
    }

    @Override
    public void onReport(Report report) {
        events.add("report " + report.status() + " " + report.byteRange());
    }

    @Override
    public void onClosed(String reason) {
        events.add("closed");
    }

    /// The next whole message, waited for.
    Message take() {
        return waitedFor(messages);
    }

    /// The next of the rest, waited for.
    String event() {
        return waitedFor(events);
    }

    boolean isEmpty() {
        return messages.isEmpty();
    }

    private static <T> T waitedFor(BlockingQueue<T> queue) {
        try {
            var next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nothing came");
            }
            return next;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
