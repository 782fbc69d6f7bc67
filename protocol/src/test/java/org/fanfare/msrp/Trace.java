package org.fanfare.msrp;

import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// What a decoder tells, one line a message.
final class Trace implements MsrpDecoder.Listener {

    private final List<String> lines = new ArrayList<>();
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private String head = "";
    private boolean faulty;

    /// Decodes the octets in pieces of at most this size.
    static Trace of(Octets octets, int piece, MsrpLimits limits) {
        var trace = new Trace();
        var decoder = new MsrpDecoder(limits);
        for (int from = 0; from < octets.length(); from += piece) {
            var part = octets.slice(from, Math.min(octets.length(), from + piece));
            decoder.feed(part.asByteBuffer(), trace);
        }
        trace.end(decoder);
        return trace;
    }

    static Trace of(Octets octets) {
        return of(octets, Math.max(1, octets.length()), MsrpLimits.DEFAULT);
    }

    void end(MsrpDecoder decoder) {
        decoder.quiet(this);
        if (decoder.isInMessage() && !decoder.isClosed()) {
            fault("cut");
        }
    }

    @Override
    public void onRequest(MsrpRequest request) {
        head = request.method() + " " + request.transactionId();
        check(request);
    }

    private void check(MsrpMessage message) {
        try {
            message.check();
        } catch (MalformedMessage e) {
            fault(e.reason());
        }
    }

    private void fault(String reason) {
        faulty = true;
        lines.add("fault: " + reason);
    }

    @Override
    public void onContent(ByteBuffer octets) {
        if (!octets.hasRemaining()) {
            throw new AssertionError("content of no octets was told");
        }
        content.writeBytes(Octets.copyOf(octets).toByteArray());
    }

    @Override
    public void onEnd(Continuation continuation) {
        lines.add(head + " [" + Octets.of(content.toByteArray()).ascii() + "] " + continuation);
        content.reset();
    }

    @Override
    public void onResponse(MsrpResponse response) {
        lines.add(response.status() + " " + response.transactionId());
        check(response);
    }

    @Override
    public void onMalformed(MalformedMsrp fault) {
        fault(fault.reason());
    }

    boolean isFaulty() {
        return faulty;
    }

    List<String> lines() {
        return lines;
    }

    /// Octets of content that were told of a message that has not ended.
    int pending() {
        return content.size();
    }
}
