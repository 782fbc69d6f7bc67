package org.fanfare.core;

import org.fanfare.sip.transport.Flow;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.wire.Octets;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.Set;

/// A connection of the process before this one: nobody is reached over it any more, but where it
/// led says which contact may be connected to.
record EndedFlow(TransportProtocol protocol, InetSocketAddress remote) implements Flow {

    @Override
    public InetSocketAddress local() {
        return new InetSocketAddress(0);
    }

    @Override
    public Set<String> peerNames() {
        return Set.of();
    }

    @Override
    public boolean isOpen() {
        return false;
    }

    @Override
    public void send(Octets message) throws IOException {
        throw new ClosedChannelException();
    }

    @Override
    public void close() {
        // It has ended.
    }
}
