package org.fanfare.sip.transport;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;

/// Addresses as the calls of Linux have them: `sockaddr_in` and `sockaddr_in6`.
final class SocketAddresses {

    /// Of the longer one.
    static final int OCTETS = 28;

    private static final short IPV4 = 2;
    private static final short IPV6 = 10;
    private static final int IPV4_OCTETS = 16;
    private static final ValueLayout.OfShort PORT = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

    private SocketAddresses() {}

    /// How many octets it has.
    static int write(InetSocketAddress address, MemorySegment to) {
        var ip = address.getAddress();
        var octets = ip.getAddress();
        to.fill((byte) 0);
        to.set(PORT, 2, (short) address.getPort());
        if (octets.length == 4) {
            to.set(JAVA_SHORT, 0, IPV4);
            MemorySegment.copy(octets, 0, to, JAVA_BYTE, 4, octets.length);
            return IPV4_OCTETS;
        }
        to.set(JAVA_SHORT, 0, IPV6);
        MemorySegment.copy(octets, 0, to, JAVA_BYTE, 8, octets.length);
        to.set(JAVA_INT, 24, ip instanceof Inet6Address ipv6 ? ipv6.getScopeId() : 0);
        return OCTETS;
    }

    /// An address of IPv4 within IPv6 becomes one of IPv4, as everywhere in the JDK.
    static InetSocketAddress read(MemorySegment from) {
        boolean isIpv4 = from.get(JAVA_SHORT, 0) == IPV4;
        var octets = new byte[isIpv4 ? 4 : 16];
        MemorySegment.copy(from, JAVA_BYTE, isIpv4 ? 4 : 8, octets, 0, octets.length);
        int port = Short.toUnsignedInt(from.get(PORT, 2));
        try {
            int scope = isIpv4 ? 0 : from.get(JAVA_INT, 24);
            var address =
                    scope == 0
                            ? InetAddress.getByAddress(octets)
                            : Inet6Address.getByAddress(null, octets, scope);
            return new InetSocketAddress(address, port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 octets are an address", e);
        }
    }
}
