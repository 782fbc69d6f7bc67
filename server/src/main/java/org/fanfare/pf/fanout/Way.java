package org.fanfare.pf.fanout;

import org.fanfare.sip.transport.TransportProtocol;

import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;

/// What a copy carries of the way it takes: our Via, and the Route to an interworking function.
final class Way {

    private final Map<TransportProtocol, byte[]> vias = new EnumMap<>(TransportProtocol.class);
    private final byte[] route;

    /// @param sentBy our `host:port`
    /// @param route a whole header field with its line end, or nothing
    Way(String sentBy, String route) {
        for (var protocol : TransportProtocol.values()) {
            var via = "Via: SIP/2.0/" + protocol + " " + sentBy + ";rport;branch=";
            vias.put(protocol, via.getBytes(StandardCharsets.US_ASCII));
        }
        this.route = route.getBytes(StandardCharsets.US_ASCII);
    }

    /// Up to and including `branch=`.
    byte[] via(TransportProtocol protocol) {
        return vias.getOrDefault(protocol, new byte[0]);
    }

    byte[] route() {
        return route;
    }
}
