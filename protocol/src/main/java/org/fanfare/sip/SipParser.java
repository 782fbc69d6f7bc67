package org.fanfare.sip;

import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.jspecify.annotations.Nullable;

/// Makes messages of octets: finds the start line, the header fields and the body, and leaves
/// everything else for when it is asked for. [MessageRules] is the one that looks into the fields.
public final class SipParser {

    private SipParser() {}

    /// One datagram, which is one message; octets behind the body are not looked at (RFC 3261
    /// 18.3).
    ///
    /// @throws MalformedSip when it is none
    public static SipMessage parse(Octets datagram, Limits limits) {
        var array = datagram.toByteArray();
        int start = 0;
        while (start + 1 < array.length && array[start] == '\r' && array[start + 1] == '\n') {
            start += 2;
        }
        var head = new Head(array, start, array.length, limits);
        try {
            head.scan();
        } catch (Head.FramingFault fault) {
            throw Salvage.of(fault, array, start, array.length, true);
        }
        int available = array.length - head.headEnd();
        int length = head.contentLength() < 0 ? available : head.contentLength();
        if (length > available) {
            throw Salvage.of(tooShort(head, length, available), array, start, array.length, true);
        }
        return message(head, length, limits);
    }

    private static MalformedMessage tooShort(Head head, int length, int available) {
        return new MalformedMessage(
                "Content-Length: expected at most the "
                        + available
                        + " octets there are, found "
                        + length,
                head.valueStart(head.contentLengthField()) - head.start,
                "RFC 3261 18.3");
    }

    /// Whether a datagram is nothing but line ends, as are sent to keep a path open (RFC 5626
    /// 3.5.1). It is no message, and no fault.
    public static boolean isKeepAlive(Octets datagram) {
        for (int i = 0; i < datagram.length(); i++) {
            byte octet = datagram.at(i);
            if (octet != '\r' && octet != '\n' && octet != 0) {
                return false;
            }
        }
        return true;
    }

    /// The message whose head was scanned and whose body follows it in the same array.
    static SipMessage message(Head head, int bodyLength, Limits limits) {
        int end = head.headEnd() + bodyLength;
        try {
            var line = StartLine.read(head.array, head.start, head.startLineEnd(), limits);
            throwIfPresent(head.fault());
            var headers = new Headers(head);
            var body = Octets.of(head.array, head.headEnd(), bodyLength);
            return line.isRequest()
                    ? new SipRequest(line.method(), line.from(), line.to(), headers, body, end)
                    : new SipResponse(line.status(), line.from(), headers, body, end);
        } catch (MalformedMessage fault) {
            boolean sip = StartLine.isSip(head.array, head.start, head.startLineEnd());
            throw Salvage.of(fault, head.array, head.start, end, !sip);
        }
    }

    private static void throwIfPresent(@Nullable MalformedMessage fault) {
        if (fault != null) {
            throw fault;
        }
    }
}
