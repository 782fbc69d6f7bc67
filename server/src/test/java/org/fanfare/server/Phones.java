package org.fanfare.server;

import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.transaction.ServerTransaction;
import org.fanfare.sip.transaction.TransactionLayer;
import org.fanfare.sip.transaction.TransactionUser;
import org.fanfare.sip.transaction.WheelTimers;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.ListenPoint;
import org.fanfare.sip.transport.TransportLayer;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.testing.FutureResponse;
import org.fanfare.uri.Uri;

import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/// Plain SIP phones on one socket, which answer every MESSAGE with 200, when they are not held.
final class Phones implements AutoCloseable {

    private final WheelTimers timers = new WheelTimers();
    private final TransactionLayer layer;
    private final List<SipRequest> received = new CopyOnWriteArrayList<>();
    private volatile CompletableFuture<Void> held = CompletableFuture.completedFuture(null);
    private final Hop core;
    private final Hop coreOverTcp;

    Phones(List<ListenPoint> core) throws IOException {
        this.core = Hop.udp(point(core, TransportProtocol.UDP).address());
        this.coreOverTcp = Hop.tcp(point(core, TransportProtocol.TCP).address());
        var transport = TransportLayer.builder().listen(ListenPoint.parse("udp:127.0.0.1:0"));
        layer =
                new TransactionLayer(
                        transport,
                        new TransactionUser() {
                            @Override
                            public void onRequest(ServerTransaction transaction) {
                                received.add(transaction.request());
                                held.join();
                                transaction.respond(transaction.request().answer(200).build());
                            }
                        },
                        timers,
                        TransactionLayer.Settings.DEFAULT.withoutMergeDetection());
        layer.start();
    }

    private static ListenPoint point(List<ListenPoint> points, TransportProtocol protocol) {
        return points.stream().filter(p -> p.protocol() == protocol).findFirst().orElseThrow();
    }

    List<SipRequest> received() {
        return List.copyOf(received);
    }

    /// From now on requests are not answered, until they are released.
    void hold() {
        held = new CompletableFuture<>();
    }

    void release() {
        held.complete(null);
    }

    int port() {
        return layer.listening().getFirst().address().getPort();
    }

    SipResponse register(String user) {
        return send(
                request(Method.REGISTER, "sip:home.example", user)
                        .set("To", "<sip:" + user + "@home.example>")
                        .header(
                                "Contact",
                                "<sip:" + user + "@127.0.0.1:" + port() + ">;expires=600")
                        .build());
    }

    /// Waits for the final answer.
    SipResponse send(SipRequest request) {
        return send(request, request.encoded().length() > 1200 ? coreOverTcp : core).join();
    }

    CompletableFuture<SipResponse> send(SipRequest request, Hop hop) {
        var answer = new FutureResponse();
        layer.send(request, hop, answer);
        return answer.orTimeout(20, TimeUnit.SECONDS);
    }

    static SipRequest.Builder request(Method method, String uri, String from) {
        return SipRequest.builder(method, Uri.parse(uri))
                .header("Max-Forwards", "70")
                .header("From", "<sip:" + from + "@home.example>;tag=" + UUID.randomUUID())
                .header("To", "<" + uri + ">")
                .header("Call-ID", UUID.randomUUID().toString())
                .header("CSeq", "1 " + method);
    }

    @Override
    public void close() {
        release();
        layer.close();
        timers.close();
    }
}
