package org.fanfare.core;

import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.transaction.TransactionLayer;
import org.fanfare.sip.transport.Flow;
import org.fanfare.sip.transport.ListenPoint;
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

    private final TransactionLayer access;

    RecordRoutes(TransactionLayer access) {
        this.access = access;
    }

    boolean areWanted(Method method) {
        return DIALOGS.contains(method);
    }

    void add(SipRequest.Builder copy, Flow from, TransportProtocol to) {
        var host = access.sentBy(from).host();
        copy.prepend("Record-Route", own(host, from.protocol()));
        if (from.protocol() != to) {
            copy.prepend("Record-Route", own(host, to));
        }
    }

    private NameAddress own(String host, TransportProtocol protocol) {
        int port =
                access.listening().stream()
                        .filter(point -> point.protocol() == protocol)
                        .map(ListenPoint::address)
                        .findFirst()
                        .map(address -> address.getPort())
                        .orElse(-1);
        var parameters = Parameters.NONE.with("transport", protocol.parameter()).with("lr");
        return NameAddress.of(SipUri.of(new HostPort(host, port)).withParameters(parameters));
    }
}
