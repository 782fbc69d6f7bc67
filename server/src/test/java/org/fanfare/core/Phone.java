package org.fanfare.core;

import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.ListenPoint;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.testing.ScriptedPeer;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Octets;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/// A user of the domain `home.example` with a socket of his own.
final class Phone implements AutoCloseable {

    private static final AtomicInteger CALLS = new AtomicInteger();

    private final String address;
    private final ScriptedPeer peer;
    private final EmbeddedCore core;
    private final TransportProtocol protocol;

    Phone(String address, int answer, EmbeddedCore core, TransportProtocol protocol)
            throws IOException {
        this.address = address;
        this.peer = ScriptedPeer.answering(answer);
        this.core = core;
        this.protocol = protocol;
    }

    ScriptedPeer peer() {
        return peer;
    }

    Hop coreHop() {
        var point =
                core.listening().stream()
                        .filter(p -> p.protocol() == protocol)
                        .map(ListenPoint::address)
                        .findFirst()
                        .orElseThrow();
        return new Hop(protocol, point, Hop.Size.ANY);
    }

    /// A request from this user; To is the Request-URI.
    SipRequest.Builder request(Method method, String to) {
        return SipRequest.builder(method, Uri.parse(to))
                .header("Max-Forwards", "70")
                .header("From", "<" + address + ">;tag=f1")
                .header("To", "<" + to + ">")
                .header("Call-ID", "call-" + CALLS.incrementAndGet())
                .header("CSeq", "1 " + method);
    }

    SipRequest.Builder message(String to) {
        return request(Method.MESSAGE, to).body("text/plain", Octets.utf8("Hello"));
    }

    SipRequest.Builder register() {
        return request(Method.REGISTER, "sip:home.example").set("To", "<" + address + ">");
    }

    String contact() {
        var hop = peer.hop(protocol);
        return "<sip:dev@127.0.0.1:"
                + hop.address().getPort()
                + ";transport="
                + protocol.parameter()
                + ">";
    }

    SipResponse send(SipRequest.Builder request) throws InterruptedException {
        return peer.send(request.build(), coreHop());
    }

    /// Registers its contact for an hour.
    Phone registered() throws InterruptedException {
        var answer = send(register().header("Contact", contact() + ";expires=3600"));
        if (answer.status() != 200) {
            throw new AssertionError("not registered: " + answer);
        }
        return this;
    }

    @Override
    public void close() {
        peer.close();
    }
}
