package org.fanfare.sip.transport;

import org.fanfare.uri.HostPort;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.DatagramChannel;

/// Between the addresses of SIP and those of the JDK.
final class Addresses {

    private Addresses() {}

    /// Looks a name up, which may take its time; unresolved when there is no such name.
    static InetSocketAddress of(String host, int port) {
        return new InetSocketAddress(withoutBrackets(host), port);
    }

    /// Again, for one that was not found before.
    static InetSocketAddress resolved(InetSocketAddress address) throws UnknownHostException {
        if (!address.isUnresolved()) {
            return address;
        }
        var again = new InetSocketAddress(address.getHostString(), address.getPort());
        if (again.isUnresolved()) {
            throw new UnknownHostException("no address found for " + address.getHostString());
        }
        return again;
    }

    private static String withoutBrackets(String host) {
        return host.startsWith("[") && host.endsWith("]")
                ? host.substring(1, host.length() - 1)
                : host;
    }

    /// As in a URI or Via: IPv6 in brackets, without zone.
    static HostPort hostPort(InetSocketAddress address) {
        return new HostPort(host(address), address.getPort());
    }

    private static String host(InetSocketAddress address) {
        var ip = address.getAddress();
        return ip == null ? address.getHostString() : inUri(ip);
    }

    static String inUri(InetAddress address) {
        var text = withoutZone(address);
        return text.indexOf(':') < 0 ? text : "[" + text + "]";
    }

    /// As in the `received` parameter, whose IPv6 has no brackets (RFC 3261 25.1).
    static String withoutZone(InetAddress address) {
        var text = address.getHostAddress();
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }

    /// Ours as the peer of the flow can reach it; of a socket bound to the wildcard address the one
    /// that the system would send from.
    static String ownAddress(Flow flow) {
        var local = flow.local().getAddress();
        if (!local.isAnyLocalAddress()) {
            return inUri(local);
        }
        try (var probe = DatagramChannel.open()) {
            probe.connect(flow.remote()); // sends nothing
            return inUri(((InetSocketAddress) probe.getLocalAddress()).getAddress());
        } catch (IOException e) {
            return inUri(InetAddress.getLoopbackAddress());
        }
    }
}
