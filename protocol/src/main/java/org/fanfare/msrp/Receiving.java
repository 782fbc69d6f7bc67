package org.fanfare.msrp;

import org.fanfare.wire.MalformedMessage;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/// The receiving side of a session: hands chunks that fit to the receiver, and refuses the others.
/// Called by the reading thread; only answers come from others.
final class Receiving implements IncomingChunk.Answerer {

    private final MsrpSession session;
    private final MsrpReceiver receiver;
    private final MsrpCounters counters;
    private final IncomingMessages messages;
    private final AtomicInteger unanswered = new AtomicInteger();
    private @Nullable MsrpRequest empty;
    private @Nullable IncomingChunk chunk;

    Receiving(
            MsrpSession session, MsrpReceiver receiver, MsrpLimits limits, MsrpCounters counters) {
        this.session = session;
        this.receiver = receiver;
        this.counters = counters;
        messages = new IncomingMessages(limits);
    }

    void begin(MsrpRequest request) {
        chunk = null;
        empty = null;
        try {
            request.check();
        } catch (MalformedMessage fault) {
            session.answer(request, MsrpStatus.BAD_REQUEST);
            lose(request, fault.reason());
            return;
        }
        if (request.hasContent()) {
            counters.chunksReceived.increment();
            beginChunk(new IncomingChunk(request, this));
        } else {
            empty = request;
        }
    }

    /// What has come of the message is of no use without this chunk.
    private void lose(MsrpRequest request, String reason) {
        var id = request.fields().first("Message-ID").orElse("");
        if (messages.isOpen(id)) {
            messages.lost(id, MsrpStatus.BAD_REQUEST);
            receiver.onLost(id, reason);
        }
    }

    private void beginChunk(IncomingChunk begun) {
        var id = begun.messageId();
        boolean known = messages.isOpen(id);
        int status = messages.begin(id, begun.byteRange());
        unanswered.incrementAndGet();
        if (status != MsrpStatus.OK) {
            begun.respond(status);
            if (known) {
                receiver.onLost(id, "octets " + begun.byteRange() + " do not follow the last ones");
            }
            return;
        }
        chunk = begun;
        receiver.onChunk(begun);
    }

    void content(ByteBuffer octets) {
        var now = chunk;
        if (now == null || now.isRefused()) {
            return;
        }
        int status = messages.content(now.messageId(), octets.remaining());
        if (status == MsrpStatus.OK) {
            receiver.onContent(now, octets);
        } else {
            now.respond(status);
            receiver.onLost(now.messageId(), "more octets than announced or allowed");
        }
    }

    void pause() {
        receiver.onPause();
    }

    void end(Continuation continuation) {
        var request = empty;
        var now = chunk;
        empty = null;
        chunk = null;
        if (request != null) {
            endEmpty(request, continuation);
        } else if (now != null && !now.isRefused()) {
            end(now, continuation);
        }
    }

    /// It binds the session to the connection, keeps it alive, or gives a message up.
    private void endEmpty(MsrpRequest request, Continuation continuation) {
        if (continuation == Continuation.ABORTED) {
            lose(request, "given up by the sender");
        }
        session.answer(request, MsrpStatus.OK); // P9
    }

    private void end(IncomingChunk now, Continuation continuation) {
        var id = now.messageId();
        long octets = messages.received(id);
        int status = messages.end(id, continuation);
        if (status != MsrpStatus.OK) {
            now.respond(status);
            receiver.onLost(id, "it ended with " + octets + " octets, other than announced");
            return;
        }
        switch (continuation) {
            case MORE -> {}
            case ABORTED -> now.respond(MsrpStatus.OK);
            case COMPLETE -> now.complete(octets);
        }
        receiver.onEnd(now, continuation);
    }

    @Override
    public void respond(IncomingChunk answered, int status) {
        unanswered.decrementAndGet();
        if (status != MsrpStatus.OK) {
            messages.lost(answered.messageId(), status);
        }
        session.answer(answered.request(), status);
        long octets = answered.octetsOfMessage();
        if (status == MsrpStatus.OK && octets >= 0 && answered.successReport()) {
            session.report(answered.request(), new ByteRange(1, octets, octets), MsrpStatus.OK);
        }
    }

    /// Whether the peer owes us octets: a message has begun, and no answer of ours is due.
    boolean isWaiting() {
        return unanswered.get() == 0 && messages.isOpen();
    }

    /// A REPORT request about a message that came (RFC 4975 7.1.2); it goes the whole way back.
    static byte[] report(String id, MsrpRequest about, MsrpUri own, ByteRange range, int status) {
        var text =
                "MSRP "
                        + id
                        + " REPORT\r\nTo-Path: "
                        + MsrpUri.pathText(about.fields().fromPath())
                        + "\r\nFrom-Path: "
                        + own
                        + "\r\nMessage-ID: "
                        + about.fields().messageId().orElseThrow()
                        + "\r\nByte-Range: "
                        + range
                        + "\r\nStatus: 000 "
                        + status
                        + " "
                        + MsrpStatus.comment(status)
                        + "\r\n-------"
                        + id
                        + "$\r\n";
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
