package org.fanfare.pf;

import org.fanfare.pf.fanout.Outlet;
import org.fanfare.sip.SipParser;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.transaction.NotSent;
import org.fanfare.sip.transaction.OutgoingRequest;
import org.fanfare.sip.transaction.ResponseListener;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Limits;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The SIP/IP core with all recipients behind it: takes copies and answers them as a test wants.
/// Everybody takes everything unless told otherwise.
public final class ScriptedCore implements Outlet {

    /// How a recipient answers one request.
    @FunctionalInterface
    public interface Reaction {
        void to(SipRequest request, ResponseListener sender);
    }

    /// What arrived, and where.
    public record Received(SipRequest request, Hop hop, ResponseListener sender) {

        String uri() {
            return request.requestUriText();
        }
    }

    public static final Hop HOP = Hop.udp(new InetSocketAddress("192.0.2.1", 5060));

    private final List<Received> received = new ArrayList<>();
    private final Map<String, ArrayDeque<Reaction>> scripts = new HashMap<>();

    /// The recipient answers its first request with the first of these, the next with the second,
    /// and all further ones with the last.
    public synchronized void when(String uri, Reaction... reactions) {
        scripts.put(Uri.parse(uri).canonical(), new ArrayDeque<>(List.of(reactions)));
    }

    public void answers(String uri, int... statuses) {
        var reactions = new Reaction[statuses.length];
        for (int i = 0; i < statuses.length; i++) {
            reactions[i] = answer(statuses[i]);
        }
        when(uri, reactions);
    }

    public static Reaction answer(int status) {
        return (request, sender) -> sender.onFinal(request.answer(status).build());
    }

    public static Reaction answer(int status, Consumer<SipResponse.Builder> more) {
        return (request, sender) -> {
            var response = request.answer(status);
            more.accept(response);
            sender.onFinal(response.build());
        };
    }

    /// Nobody answers, and the test says when the transaction is over.
    public static Reaction silence() {
        return (_, _) -> {};
    }

    public static Reaction unreachable() {
        return (_, sender) ->
                sender.onTransportFailure(new NotSent(new IOException("connection refused")));
    }

    /// The connection ends before an answer.
    public static Reaction cut() {
        return (_, sender) -> sender.onTransportFailure(new IOException("closed"));
    }

    @Override
    public Hop hopFor(Hop hop, int octets) {
        return octets > 1300 && hop.protocol() == TransportProtocol.UDP
                ? Hop.tcp(hop.address())
                : hop;
    }

    @Override
    public void send(OutgoingRequest outgoing, Hop hop, ResponseListener sender) {
        var request = (SipRequest) SipParser.parse(outgoing.wire(), Limits.DEFAULT);
        Reaction reaction;
        synchronized (this) {
            received.add(new Received(request, hop, sender));
            reaction = reactionTo(request);
            notifyAll();
        }
        reaction.to(request, sender);
    }

    private Reaction reactionTo(SipRequest request) {
        var script = scripts.get(request.requestUri().canonical());
        if (script == null) {
            return answer(200);
        }
        return script.size() > 1 ? script.remove() : script.element();
    }

    /// All requests that have arrived.
    public synchronized List<Received> received() {
        return List.copyOf(received);
    }

    /// Those for one recipient.
    public synchronized List<Received> receivedBy(String uri) {
        return received.stream().filter(r -> r.uri().equals(uri)).toList();
    }

    /// The one request for a recipient.
    public SipRequest copyFor(String uri) {
        var copies = receivedBy(uri);
        if (copies.size() != 1) {
            throw new AssertionError(copies.size() + " requests for " + uri + " in " + uris());
        }
        return copies.getFirst().request();
    }

    /// Request-URIs in the order of arrival.
    public synchronized List<String> uris() {
        return received.stream().map(Received::uri).toList();
    }

    /// The transaction of the last request for this recipient ends without an answer.
    public void timeOut(String uri) {
        receivedBy(uri).getLast().sender().onTimeout();
    }

    /// The last request for this recipient is answered now.
    public void answerNow(String uri, int status) {
        var last = receivedBy(uri).getLast();
        answer(status).to(last.request(), last.sender());
    }
}
