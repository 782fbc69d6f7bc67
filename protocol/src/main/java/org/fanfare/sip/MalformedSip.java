package org.fanfare.sip;

import org.fanfare.wire.MalformedMessage;
import org.jspecify.annotations.Nullable;

import java.util.Optional;

/// A SIP message that must be refused. Knows what to do: the answer where one can be given (never
/// to a response, never to an ACK, never without a Via that can be read), and whether the
/// connection it came over is lost because nobody knows where the next message begins.
public final class MalformedSip extends MalformedMessage {

    private final transient @Nullable SipRequest request;
    private final transient @Nullable SipResponse answer;
    private final boolean closeStream;

    MalformedSip(MalformedMessage fault, @Nullable SipRequest request, boolean closeStream) {
        super(fault.reason(), fault.offset(), fault.section(), fault.sipStatus());
        this.request = request;
        this.closeStream = closeStream;
        this.answer = request == null ? null : Salvage.answer(request, this);
    }

    /// As far as it can be read; its values may be malformed.
    public Optional<SipRequest> request() {
        return Optional.ofNullable(request);
    }

    /// What to send back, if anything.
    public Optional<SipResponse> answer() {
        return Optional.ofNullable(answer);
    }

    public boolean closeStream() {
        return closeStream;
    }
}
