package org.fanfare.pf.fanout;

import org.fanfare.sip.Method;
import org.fanfare.sip.transaction.OutgoingRequest;
import org.fanfare.sip.transport.Hop;

import java.nio.charset.StandardCharsets;

/// Pager Mode: a leg is one MESSAGE, and ends with its final response.
final class MessageCarrier implements Carrier {

    private final Outlet outlet;

    MessageCarrier(Outlet outlet) {
        this.outlet = outlet;
    }

    @Override
    public void carry(Leg leg, Hop nextHop, Way way) {
        var identity = leg.identity();
        var template = leg.message().template();
        var hop = outlet.hopFor(nextHop, template.mostOctets(leg.uri(), way));
        var request = template.encode(leg.uri(), identity, way, hop.protocol());
        outlet.send(
                new OutgoingRequest(request, ascii(identity.branch()), Method.MESSAGE), hop, leg);
    }

    private static String ascii(byte[] text) {
        return new String(text, StandardCharsets.ISO_8859_1);
    }
}
