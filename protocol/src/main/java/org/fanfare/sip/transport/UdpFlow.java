package org.fanfare.sip.transport;

import org.fanfare.wire.Octets;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Set;

/// From one socket of ours to one address.
record UdpFlow(UdpSocket socket, InetSocketAddress remote) implements Flow {

    @Override
    public TransportProtocol protocol() {
        return TransportProtocol.UDP;
    }

    @Override
    public InetSocketAddress local() {
        return socket.local();
    }

    @Override
    public Set<String> peerNames() {
        return Set.of();
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public void send(Octets message) throws IOException {
        socket.send(message, remote);
    }

    @Override
    public void close() {
        // The socket is that of other flows too.
    }

    @Override
    public String toString() {
        return "UDP " + Addresses.hostPort(remote);
    }
}
