package org.fanfare.sip.transport;

import org.fanfare.wire.Octets;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Set;

/// The way a message came or goes (RFC 5626 1.2): a connection, or our UDP socket and one address
/// of a peer. Two flows over UDP between the same addresses are equal; a connection is equal to
/// itself only.
public interface Flow {

    TransportProtocol protocol();

    /// Ours; may be the wildcard address over UDP.
    InetSocketAddress local();

    InetSocketAddress remote();

    /// The domains that the peer's certificate proves (RFC 5922 7.1), in lower case; none where the
    /// peer showed no certificate.
    Set<String> peerNames();

    /// A UDP flow is open as long as our socket is.
    boolean isOpen();

    /// Hands over a whole message. Never waits for the peer: a datagram goes out at once, a message
    /// on a connection goes into its queue.
    ///
    /// @throws SendQueueFull when the peer does not take what we send as fast as it comes
    void send(Octets message) throws IOException;

    /// Ends a connection after what waits in its queue; of a UDP flow nothing.
    void close();
}
