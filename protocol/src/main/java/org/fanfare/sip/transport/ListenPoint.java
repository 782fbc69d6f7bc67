package org.fanfare.sip.transport;

import org.fanfare.uri.HostPort;
import org.fanfare.wire.MalformedMessage;

import java.net.InetSocketAddress;

/// Where requests are received.
public record ListenPoint(TransportProtocol protocol, InetSocketAddress address) {

    /// `udp:127.0.0.1:5062`, `tls:[::1]:5061`, `tcp:0.0.0.0` with the default port of the protocol.
    /// A port of 0 takes a free one.
    ///
    /// @throws IllegalArgumentException when it is none of these, or the name has no address
    public static ListenPoint parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw malformed(text, "expected protocol:host[:port]");
        }
        var protocol = protocol(text.substring(0, colon), text);
        try {
            var hostPort = HostPort.parse(text.substring(colon + 1));
            var address = Addresses.of(hostPort.host(), hostPort.portOr(protocol.defaultPort()));
            if (address.isUnresolved()) {
                throw malformed(text, "no address found for " + hostPort.host());
            }
            return new ListenPoint(protocol, address);
        } catch (MalformedMessage e) {
            throw malformed(text, e.reason());
        }
    }

    private static TransportProtocol protocol(String name, String text) {
        return TransportProtocol.of(name)
                .orElseThrow(() -> malformed(text, "expected udp, tcp or tls, found " + name));
    }

    private static IllegalArgumentException malformed(String text, String reason) {
        return new IllegalArgumentException("listen point \"" + text + "\": " + reason);
    }

    @Override
    public String toString() {
        return protocol.parameter() + ":" + Addresses.hostPort(address);
    }
}
