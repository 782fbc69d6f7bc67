package org.fanfare.sip.transport;

import java.util.Locale;
import java.util.Optional;

/// What a SIP message is carried over (RFC 3261 18). The name is the token of Via.
public enum TransportProtocol {
    UDP,
    TCP,
    /// TLS over TCP.
    TLS;

    private static final int PORT = 5060;
    private static final int TLS_PORT = 5061;

    /// In any case, as in a URI or a configuration; empty for others.
    public static Optional<TransportProtocol> of(String name) {
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "UDP" -> Optional.of(UDP);
            case "TCP" -> Optional.of(TCP);
            case "TLS" -> Optional.of(TLS);
            default -> Optional.empty();
        };
    }

    /// Where a URI or Via names none (RFC 3261 18.1.1).
    public int defaultPort() {
        return this == TLS ? TLS_PORT : PORT;
    }

    /// Nothing is retransmitted, and messages are framed by Content-Length.
    public boolean isReliable() {
        return this != UDP;
    }

    /// As in a URI.
    public String parameter() {
        return name().toLowerCase(Locale.ROOT);
    }
}
