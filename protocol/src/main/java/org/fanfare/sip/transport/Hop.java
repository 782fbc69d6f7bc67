package org.fanfare.sip.transport;

import org.fanfare.uri.SipUri;
import org.fanfare.uri.Uri;
import org.fanfare.wire.MalformedMessage;

import java.net.InetSocketAddress;

/// Where a request goes next, and what may become of it when it is too large for a datagram.
///
/// @param address may be unresolved: then it is looked up for each new flow
public record Hop(TransportProtocol protocol, InetSocketAddress address, Size size) {

    /// What is done with a request over 1300 octets (RFC 3261 18.1.1).
    public enum Size {
        /// Over UDP only when it is small: a larger one goes by TCP to the same address.
        BY_RULE,
        /// The path is known to carry any size over this protocol, or to have no other.
        ANY,
        /// TCP was taken for its size alone: when the connection is refused it goes by UDP after
        /// all.
        TCP_FOR_SIZE
    }

    public static Hop udp(InetSocketAddress address) {
        return new Hop(TransportProtocol.UDP, address, Size.BY_RULE);
    }

    public static Hop tcp(InetSocketAddress address) {
        return new Hop(TransportProtocol.TCP, address, Size.ANY);
    }

    /// The certificate of the peer must prove the host of the address.
    public static Hop tls(InetSocketAddress address) {
        return new Hop(TransportProtocol.TLS, address, Size.ANY);
    }

    /// `sip:host:port;transport=tcp;lr`, `sips:host`, or `host:port;transport=tcp`. Without
    /// transport it is UDP, and TCP for what is too large; `transport=udp` says that there is
    /// nothing but UDP. The default port is that of the protocol. May look up a name.
    ///
    /// @throws IllegalArgumentException when it is none of these
    public static Hop parse(String text) {
        try {
            if (Uri.parse(isUri(text) ? text : "sip:" + text) instanceof SipUri uri) {
                return of(uri);
            }
        } catch (MalformedMessage e) {
            throw malformed(text, e.reason());
        }
        throw malformed(text, "expected sip: or sips:");
    }

    private static boolean isUri(String text) {
        return text.regionMatches(true, 0, "sip:", 0, 4)
                || text.regionMatches(true, 0, "sips:", 0, 5);
    }

    private static Hop of(SipUri uri) {
        var transport = uri.parameters().value("transport");
        var protocol =
                uri.secure() ? TransportProtocol.TLS : protocol(uri, transport.orElse("udp"));
        boolean byRule = protocol == TransportProtocol.UDP && transport.isEmpty();
        var at = uri.hostPort();
        return new Hop(
                protocol,
                Addresses.of(at.host(), at.portOr(protocol.defaultPort())),
                byRule ? Size.BY_RULE : Size.ANY);
    }

    private static TransportProtocol protocol(SipUri uri, String name) {
        return TransportProtocol.of(name)
                .orElseThrow(() ->
                        malformed(
                                uri.toString(),
                                "expected transport udp, tcp or tls, found " + name));
    }

    private static IllegalArgumentException malformed(String text, String reason) {
        return new IllegalArgumentException("next hop \"" + text + "\": " + reason);
    }

    /// For a request that is too large for UDP.
    public Hop byTcpForSize() {
        return new Hop(TransportProtocol.TCP, address, Size.TCP_FOR_SIZE);
    }

    /// Back again.
    public Hop byUdp() {
        return new Hop(TransportProtocol.UDP, address, Size.BY_RULE);
    }

    /// The same for every size: by this connections are found again.
    Hop withAnySize() {
        return size == Size.ANY ? this : new Hop(protocol, address, Size.ANY);
    }

    @Override
    public String toString() {
        var text = "sip:" + Addresses.hostPort(address) + ";transport=" + protocol.parameter();
        return size == Size.TCP_FOR_SIZE ? text + " (for its size)" : text;
    }
}
