package org.fanfare.cli.conformance;

import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.transaction.ResponseListener;
import org.fanfare.sip.transaction.ServerTransaction;
import org.fanfare.sip.transaction.Timers;
import org.fanfare.sip.transaction.TransactionLayer;
import org.fanfare.sip.transaction.TransactionUser;
import org.fanfare.sip.transaction.WheelTimers;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.ListenPoint;
import org.fanfare.sip.transport.TransportLayer;
import org.fanfare.uri.HostPort;
import org.fanfare.uri.Uri;

import java.io.IOException;
import java.util.UUID;
import java.util.regex.Pattern;

/// A Participating Function that gets some of it right: it sends a copy to everybody on the list,
/// with the list still in it, however many they are, checks nothing, and is the sender itself.
final class WrongFunction implements TransactionUser, AutoCloseable {

    private static final Pattern ENTRY = Pattern.compile("<entry uri=\"([^\"]*)\"");

    private final WheelTimers timers = new WheelTimers();
    private final TransactionLayer layer;
    private final Hop core;

    WrongFunction(HostPort core) throws IOException {
        this.core = Hop.parse("sip:" + core);
        layer = onLoopback(this, timers);
        layer.start();
    }

    /// At ports of its own, open to everybody there.
    static TransactionLayer onLoopback(TransactionUser user, Timers timers) throws IOException {
        var transport =
                TransportLayer.builder()
                        .listen(ListenPoint.parse("udp:127.0.0.1:0"))
                        .listen(ListenPoint.parse("tcp:127.0.0.1:0"))
                        .trusted(_ -> true);
        return new TransactionLayer(transport, user, timers);
    }

    Hop hop() {
        return Hop.udp(layer.listening().getFirst().address());
    }

    @Override
    public void onRequest(ServerTransaction transaction) {
        var request = transaction.request();
        if (request.method().equals(Method.MESSAGE)) {
            var entries = ENTRY.matcher(request.body().utf8());
            boolean list = false;
            while (entries.find()) {
                list = true;
                send(request, entries.group(1));
            }
            if (!list) {
                send(request, request.requestUriText());
            }
        }
        int status = request.method().equals(Method.INVITE) ? 488 : 200;
        transaction.respond(request.answer(status).build());
    }

    private void send(SipRequest request, String uri) {
        var copy =
                request.toBuilder()
                        .requestUri(Uri.parse(uri))
                        .remove("Via")
                        .remove("Require")
                        .set("To", "<" + uri + ">")
                        .set("Call-ID", UUID.randomUUID().toString())
                        .set("P-Asserted-Identity", "<sip:exploder@home.example>")
                        .build();
        layer.send(copy, core, ResponseListener.UNCONCERNED);
    }

    @Override
    public void close() {
        layer.close();
        timers.close();
    }
}
