package org.fanfare.pf;

import org.fanfare.sip.transport.Flow;

import java.net.InetAddress;
import java.util.Set;

/// Who a request came from, as far as the network tells.
///
/// @param remote the peer's address
/// @param local the one of ours that it used
/// @param names domains that its certificate proves, in lower case
record Peer(InetAddress remote, InetAddress local, Set<String> names) {

    static Peer of(Flow flow) {
        return new Peer(flow.remote().getAddress(), flow.local().getAddress(), flow.peerNames());
    }
}
