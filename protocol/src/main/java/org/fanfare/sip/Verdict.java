package org.fanfare.sip;

import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// What a strict reader says of some octets: whether they are a well-formed SIP message, why not,
/// and with what a server answers them.
///
/// @param valid false also for a message that is served although a field of it is malformed
/// @param reason empty when it is valid
/// @param expect the status of the answer, for a request that is refused; empty when it is served,
///   or dropped
public record Verdict(boolean valid, String reason, OptionalInt expect) {

    private static final Verdict VALID = new Verdict(true, "", OptionalInt.empty());

    /// Of one datagram.
    public static Verdict ofDatagram(
            Octets datagram, ServerCapabilities capabilities, Limits limits) {
        try {
            return of(SipParser.parse(datagram, limits), capabilities, limits);
        } catch (MalformedSip fault) {
            return of(fault);
        }
    }

    /// Of a message that the parser has taken.
    public static Verdict of(SipMessage message, ServerCapabilities capabilities, Limits limits) {
        try {
            MessageRules.check(message, limits);
        } catch (MalformedSip fault) {
            return of(fault);
        }
        var ignored = MessageRules.ignored(message);
        if (!ignored.isEmpty()) {
            return invalid(ignored.getFirst(), OptionalInt.empty());
        }
        if (message instanceof SipRequest request) {
            var refusal = capabilities.refusal(request);
            if (refusal.isPresent()) {
                return new Verdict(true, "", OptionalInt.of(refusal.get().status()));
            }
        }
        return VALID;
    }

    private static Verdict of(MalformedSip fault) {
        var answer = fault.answer();
        return invalid(
                fault,
                answer.isPresent() ? OptionalInt.of(answer.get().status()) : OptionalInt.empty());
    }

    private static Verdict invalid(MalformedMessage fault, OptionalInt expect) {
        return new Verdict(false, String.valueOf(fault.getMessage()), expect);
    }

    /// Of each message of a stream, in order. What is cut off at the end is one more that is
    /// invalid.
    public static List<Verdict> ofStream(
            Octets stream, ServerCapabilities capabilities, Limits limits) {
        var verdicts = new ArrayList<Verdict>();
        var decoder = new SipStreamDecoder(limits);
        decoder.feed(
                stream.asByteBuffer(),
                new SipStreamDecoder.Listener() {
                    @Override
                    public void onMessage(SipMessage message) {
                        verdicts.add(of(message, capabilities, limits));
                    }

                    @Override
                    public void onMalformed(MalformedSip fault) {
                        verdicts.add(of(fault));
                    }
                });
        if (decoder.isInMessage()) {
            verdicts.add(
                    invalid(
                            new MalformedMessage(
                                    "stream: expected the rest of a message, found the end",
                                    stream.length(),
                                    "RFC 3261 18.3"),
                            OptionalInt.empty()));
        }
        return verdicts;
    }
}
