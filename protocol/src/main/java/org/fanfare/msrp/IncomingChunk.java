package org.fanfare.msrp;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// One chunk of a message that comes, and the answer that it waits for.
public final class IncomingChunk {

    private final MsrpRequest request;
    private final String messageId;
    private final ByteRange byteRange;
    private final Answerer answerer;
    private final AtomicInteger status = new AtomicInteger();
    private volatile long octetsOfMessage = -1;

    interface Answerer {

        void respond(IncomingChunk chunk, int status);
    }

    /// @param request one that was checked
    IncomingChunk(MsrpRequest request, Answerer answerer) {
        this.request = request;
        this.answerer = answerer;
        messageId = request.fields().messageId().orElseThrow();
        byteRange = request.fields().byteRange();
    }

    public String messageId() {
        return messageId;
    }

    /// As announced; the end may not be known, and may be wrong.
    public ByteRange byteRange() {
        return byteRange;
    }

    /// Of the whole message; there when the chunk has content.
    public Optional<String> contentType() {
        return request.fields().contentType();
    }

    public MsrpFields fields() {
        return request.fields();
    }

    public FailureReport failureReport() {
        return request.fields().failureReport();
    }

    /// When it is wanted, the session sends it, after the 200 to the chunk that completes the
    /// message.
    public boolean successReport() {
        return request.fields().successReport();
    }

    /// Answers, unless the sender wants no answer. Only the first call counts. Does not wait.
    public void respond(int answer) {
        if (status.compareAndSet(0, answer)) {
            answerer.respond(this, answer);
        }
    }

    public boolean isAnswered() {
        return status.get() != 0;
    }

    /// Answered with anything but 200.
    boolean isRefused() {
        int answer = status.get();
        return answer != 0 && answer != MsrpStatus.OK;
    }

    /// The message ends with this chunk.
    void complete(long octets) {
        octetsOfMessage = octets;
    }

    /// -1 when the message does not end with this chunk.
    long octetsOfMessage() {
        return octetsOfMessage;
    }

    MsrpRequest request() {
        return request;
    }

    @Override
    public String toString() {
        return "chunk " + byteRange + " of " + messageId;
    }
}
