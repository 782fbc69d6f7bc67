package org.fanfare.sip.transaction;

import org.fanfare.sip.Method;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.wire.Octets;

import java.nio.charset.StandardCharsets;

/// A request as it goes on the wire, its top Via ours, written for the transport it will take:
/// nothing of it is parsed or encoded again on its way out.
///
/// @param branch that of the top Via, with the magic cookie
/// @param vias how many Via values it has; a response with another number is not ours (RFC 3261
///   8.1.3.3)
public record OutgoingRequest(Octets wire, String branch, Method method, int vias) {

    private static final byte[] SENT_PROTOCOL = "SIP/2.0/".getBytes(StandardCharsets.US_ASCII);

    /// Made here: the one Via is ours.
    public OutgoingRequest(Octets wire, String branch, Method method) {
        this(wire, branch, method, 1);
    }

    /// The same with another transport in the top Via: TCP was taken for the size alone, and there
    /// is none (RFC 3261 18.1.1). All our transports are written with three letters.
    OutgoingRequest over(TransportProtocol protocol) {
        int at = wire.indexOf(SENT_PROTOCOL, 0);
        int end = wire.indexOf((byte) '\r', 0);
        // The request line has the version too, without a slash behind it.
        var token = protocol.name().getBytes(StandardCharsets.US_ASCII);
        if (at < end
                || wire.slice(at + SENT_PROTOCOL.length, at + SENT_PROTOCOL.length + token.length)
                        .equals(Octets.of(token))) {
            return this;
        }
        var changed = wire.toByteArray();
        System.arraycopy(token, 0, changed, at + SENT_PROTOCOL.length, token.length);
        return new OutgoingRequest(Octets.of(changed), branch, method, vias);
    }
}
