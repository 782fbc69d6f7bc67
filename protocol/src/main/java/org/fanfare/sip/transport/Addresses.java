package org.fanfare.sip.transport;

import org.fanfare.uri.HostPort;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ShortBuffer;
import java.nio.channels.DatagramChannel;
import java.util.StringJoiner;

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

    /// As in the `received` parameter, whose IPv6 has no brackets (RFC 3261 25.1); IPv6 as RFC 5952
    /// writes it.
    static String withoutZone(InetAddress address) {
        return address instanceof Inet6Address ipv6 ? shortened(ipv6) : address.getHostAddress();
    }

    private static String shortened(Inet6Address address) {
        var groups = ByteBuffer.wrap(address.getAddress()).asShortBuffer();
        int gap = 0;
        int gapLength = 1; // a single zero is not left out
        for (int i = 0; i < groups.limit(); i++) {
            int zeros = zeros(groups, i);
            if (zeros > gapLength) {
                gap = i;
                gapLength = zeros;
            }
        }
        return gapLength == 1
                ? hex(groups, 0, groups.limit())
                : hex(groups, 0, gap) + "::" + hex(groups, gap + gapLength, groups.limit());
    }

    private static int zeros(ShortBuffer groups, int from) {
        int at = from;
        while (at < groups.limit() && groups.get(at) == 0) {
            at++;
        }
        return at - from;
    }

    private static String hex(ShortBuffer groups, int from, int to) {
        var text = new StringJoiner(":");
        for (int i = from; i < to; i++) {
            text.add(Integer.toHexString(Short.toUnsignedInt(groups.get(i))));
        }
        return text.toString();
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
