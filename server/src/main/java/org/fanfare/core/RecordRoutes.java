package org.fanfare.core;

import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.transaction.TransactionLayer;
import org.fanfare.sip.transport.Flow;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.uri.HostPort;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.Parameters;
import org.fanfare.uri.SipUri;

import java.util.Set;

/// Keeps the core in the path of dialogs (RFC 3261 16.6 step 4), so that calls between phones work
/// in the lab. Where a request comes by one protocol and leaves by another it names itself twice,
/// once for each side (RFC 5658 3).
final class RecordRoutes {

    private static final Set<Method> DIALOGS =
            Set.of(Method.INVITE, Method.SUBSCRIBE, Method.REFER);

    private static final String SERVICE = "service";

    private final TransactionLayer access;

    RecordRoutes(TransactionLayer access) {
        this.access = access;
    }

    boolean areWanted(Method method) {
        return DIALOGS.contains(method);
    }

    /// @param service whether one side of the dialog is the Participating Function: then the URI
    ///   says so, and what comes back with it goes there, whatever its own address is
    void add(SipRequest.Builder copy, Flow from, TransportProtocol to, boolean service) {
        var host = access.sentBy(from).host();
        copy.prepend("Record-Route", own(host, from.protocol(), service));
        if (from.protocol() != to) {
            copy.prepend("Record-Route", own(host, to, service));
        }
    }

    /// Whether the route leads to the Participating Function.
    static boolean isToService(NameAddress route) {
        return route.uri() instanceof SipUri uri && uri.user().filter(SERVICE::equals).isPresent();
    }

    /// With the transport of the side it is for, if phones are listened to over that.
    private NameAddress own(String host, TransportProtocol protocol, boolean service) {
        var point =
                access.listening().stream()
                        .filter(listening -> listening.protocol() == protocol)
                        .findFirst()
                        .orElseGet(() -> access.listening().getFirst());
        var parameters = Parameters.NONE.with("transport", point.protocol().parameter()).with("lr");
        var at = new HostPort(host, point.address().getPort());
        var uri = service ? SipUri.of(SERVICE, at) : SipUri.of(at);
        return NameAddress.of(uri.withParameters(parameters));
    }
}
