package org.fanfare.pf;

import org.jspecify.annotations.Nullable;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Locale;

/// A neighbour inside the trust domain (RFC 3325): what it asserts is believed.
///
/// Written `10.1.0.0/16`, or `10.1.0.0/16@10.1.0.5` to believe these addresses only when they come
/// in at that one of our own (which then must be listened on by itself: over UDP, a listener on all
/// addresses does not tell), or `tls:scscf.home.example` for whoever shows a certificate of that
/// name (reliability I3).
public sealed interface TrustedPeer {

    boolean matches(Peer peer);

    /// Reads an entry of the configuration.
    ///
    /// @throws IllegalArgumentException with a text for whoever wrote the configuration
    static TrustedPeer parse(String text) {
        if (text.regionMatches(true, 0, "tls:", 0, 4)) {
            return new Certified(text.substring(4).toLowerCase(Locale.ROOT));
        }
        int at = text.indexOf('@');
        return at < 0
                ? new Network(Prefix.parse(text), null)
                : new Network(
                        Prefix.parse(text.substring(0, at)),
                        Prefix.literal(text.substring(at + 1)));
    }

    /// Addresses, perhaps only at one of our own.
    record Network(Prefix prefix, @Nullable InetAddress at) implements TrustedPeer {

        @Override
        public boolean matches(Peer peer) {
            return prefix.contains(peer.remote()) && (at == null || at.equals(peer.local()));
        }
    }

    /// Whoever shows a certificate of this name.
    record Certified(String name) implements TrustedPeer {

        @Override
        public boolean matches(Peer peer) {
            return peer.names().contains(name);
        }
    }

    /// A set of addresses.
    record Prefix(InetAddress address, int length) {

        /// Wider than this is no list of neighbours but half the network (reliability C4).
        private static final int WIDEST_IPV4 = 8;

        private static final int WIDEST_IPV6 = 16;

        public Prefix {
            int bits = address.getAddress().length * Byte.SIZE;
            int widest = address instanceof Inet4Address ? WIDEST_IPV4 : WIDEST_IPV6;
            if (length > bits) {
                throw new IllegalArgumentException(
                        "prefix length "
                                + length
                                + " is more than the "
                                + bits
                                + " bits of an address");
            }
            if (length < widest) {
                throw new IllegalArgumentException(
                        "would trust whole networks of strangers: a prefix is at least /" + widest);
            }
        }

        static Prefix parse(String text) {
            int slash = text.indexOf('/');
            var address = literal(slash < 0 ? text : text.substring(0, slash));
            try {
                return new Prefix(
                        address,
                        slash < 0
                                ? address.getAddress().length * Byte.SIZE
                                : Integer.parseUnsignedInt(text.substring(slash + 1)));
            } catch (NumberFormatException _) {
                throw new IllegalArgumentException("expected ADDRESS/LENGTH, found " + text);
            }
        }

        static InetAddress literal(String text) {
            try {
                return InetAddress.ofLiteral(text);
            } catch (IllegalArgumentException _) {
                throw new IllegalArgumentException(
                        "expected an IPv4 or IPv6 address such as 127.0.0.1/32, found " + text);
            }
        }

        /// Whether the address is one of these.
        public boolean contains(InetAddress other) {
            var mine = address.getAddress();
            var its = other.getAddress();
            if (mine.length != its.length) {
                return false;
            }
            for (int bit = 0; bit < length; bit++) {
                int mask = 0x80 >> (bit % Byte.SIZE);
                if (((mine[bit / Byte.SIZE] ^ its[bit / Byte.SIZE]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }
}
