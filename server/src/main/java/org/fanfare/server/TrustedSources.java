package org.fanfare.server;

import org.fanfare.pf.TrustedPeer;

import java.net.InetAddress;
import java.util.List;

/// The addresses of `trust`, whose connections are not counted against the limit for one source.
/// That a peer is trusted only at one of our addresses does not matter here.
record TrustedSources(List<TrustedPeer> peers) {

    boolean contain(InetAddress address) {
        return peers.stream()
                .anyMatch(peer ->
                        peer instanceof TrustedPeer.Network(var prefix, _)
                                && prefix.contains(address));
    }
}
