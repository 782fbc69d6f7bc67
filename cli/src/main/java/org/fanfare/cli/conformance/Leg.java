package org.fanfare.cli.conformance;

import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.transaction.ServerTransaction;
import org.fanfare.wire.Octets;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// A session that somebody has begun with one of our recipients, from INVITE to BYE, with the
/// content that comes in it.
final class Leg {

    /// Milliseconds to the first retransmission of a 2xx, and to none any more.
    private static final long FIRST_AGAIN = 500;

    private static final long LAST_AGAIN = 8_000;

    private final Network network;
    private final ServerTransaction transaction;
    private final String path;
    private final List<Frame> sends = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private final CompletableFuture<Octets> whole = new CompletableFuture<>();
    private final CompletableFuture<SipRequest> ack = new CompletableFuture<>();
    private final CompletableFuture<SipRequest> bye = new CompletableFuture<>();
    private final CompletableFuture<SipRequest> cancelled = new CompletableFuture<>();
    private final CompletableFuture<Frame> lastChunk = new CompletableFuture<>();
    private CompletableFuture<Integer> lastAnswer = CompletableFuture.completedFuture(200);
    private int chunkAnswer = 200;
    private String setup = "passive";
    private UnaryOperator<SipResponse.Builder> change = answer -> answer;

    Leg(Network network, ServerTransaction transaction) {
        this.network = network;
        this.transaction = transaction;
        path = network.media().newPath();
        network.media().open(path, this);
    }

    SipRequest invite() {
        return transaction.request();
    }

    Sdp offer() throws Mismatch {
        return Bodies.description(invite());
    }

    // ---- what it does

    /// Chunks with content are answered with this.
    Leg refusingChunks(int status) {
        chunkAnswer = status;
        return this;
    }

    /// The last chunk is answered when the scenario says so.
    Leg holdingLast(CompletableFuture<Integer> answer) {
        lastAnswer = answer;
        return this;
    }

    /// Opens the connection itself.
    Leg active() {
        setup = "active";
        return this;
    }

    /// Of the 200.
    Leg answering(UnaryOperator<SipResponse.Builder> other) {
        change = other;
        return this;
    }

    void ring() {
        transaction.respond(invite().answer(180).build());
    }

    void refuse(int status) {
        transaction.respond(invite().answer(status).build());
    }

    void accept() {
        var answer = invite().answer(200).header("Contact", "<" + network.contact() + ">");
        invite().header("Session-Expires")
                .ifPresent(interval ->
                        answer.header("Session-Expires", interval).header("Require", "timer"));
        answer.body("application/sdp", Octets.utf8(description()));
        respond(change.apply(answer).build(), FIRST_AGAIN);
        if (setup.equals("active")) {
            Thread.ofVirtual().start(this::connect);
        }
    }

    /// Until it is acknowledged (RFC 3261 13.3.1.4).
    private void respond(SipResponse success, long againAfter) {
        transaction.respond(success);
        if (againAfter < LAST_AGAIN) {
            network.after(
                    againAfter,
                    () -> {
                        if (!ack.isDone()) {
                            respond(success, 2 * againAfter);
                        }
                    });
        }
    }

    private String description() {
        var cema = invite().body().utf8().contains("a=" + Sdp.CEMA);
        var common =
                new String[] {
                    "accept-types:message/cpim",
                    "accept-wrapped-types:*",
                    "recvonly",
                    "setup:" + setup,
                    cema ? Sdp.CEMA : "x-no-cema"
                };
        return Sdp.of(network.media().address(), path, common);
    }

    private void connect() {
        try {
            var theirs = offer().path();
            var at = MediaConnection.addressOf(theirs);
            try (var connection = MediaConnection.connect(at, network.waiting().timeout())) {
                connection.write(
                        Frame.send("bind1", theirs, path, "b1", "1-0/0", Octets.EMPTY, 0, 0, '$'));
                for (var next = connection.next(); next.isPresent(); next = connection.next()) {
                    take(connection, next.get());
                }
            }
        } catch (IOException | Mismatch e) {
            whole.completeExceptionally(e);
        }
    }

    /// Content comes.
    void serve(MediaConnection connection, Frame first) throws IOException {
        try {
            take(connection, first);
            for (var next = connection.next(); next.isPresent(); next = connection.next()) {
                take(connection, next.get());
            }
        } catch (IOException e) {
            whole.completeExceptionally(e);
            throw e;
        }
    }

    private void take(MediaConnection connection, Frame frame) throws IOException {
        if (!frame.isSend()) {
            return; // a response of theirs
        }
        boolean empty = frame.content().isEmpty();
        boolean last = !empty && frame.flag() == '$';
        if (!empty) {
            sends.add(frame);
            frame.content().writeTo(content);
        }
        if (last) {
            lastChunk.complete(frame);
        }
        connection.write(frame.answer(empty ? 200 : last ? lastStatus() : chunkAnswer));
        if (last && chunkAnswer == 200) {
            whole.complete(Octets.of(content.toByteArray()));
        }
    }

    private int lastStatus() {
        int status = lastAnswer.join();
        return chunkAnswer == 200 ? status : chunkAnswer;
    }

    /// Ends it from the side of the recipient; gives the answer to that.
    SipResponse hangUp() throws Mismatch, InterruptedException {
        var request =
                DialogState.ofCallee(invite(), transaction.tag()).request(Method.BYE, 1).build();
        return network.waiting()
                .await(network.send(request).answer(), "a final response to the recipient's BYE");
    }

    // ---- what was done to it

    void onAck(SipRequest request) {
        ack.complete(request);
    }

    void onBye(SipRequest request) {
        bye.complete(request);
    }

    void onCancel() {
        refuse(487);
        cancelled.complete(invite());
    }

    Octets whole() throws Mismatch, InterruptedException {
        return network.waiting().await(whole, "the whole content over MSRP");
    }

    /// It has come, and may not be answered yet.
    void awaitLast() throws Mismatch, InterruptedException {
        network.waiting().await(lastChunk, "the last chunk over MSRP");
    }

    boolean isWhole() {
        return whole.isDone();
    }

    SipRequest ack() throws Mismatch, InterruptedException {
        return network.waiting().await(ack, "ACK for the 200 to the INVITE");
    }

    SipRequest bye() throws Mismatch, InterruptedException {
        return network.waiting().await(bye, "BYE to the recipient");
    }

    boolean hasBye() {
        return bye.isDone();
    }

    void awaitCancel() throws Mismatch, InterruptedException {
        network.waiting().await(cancelled, "CANCEL of the INVITE to the recipient");
    }

    /// The requests that had content.
    List<Frame> sends() {
        return List.copyOf(sends);
    }

    String path() {
        return path;
    }

    /// Done to the leg of an INVITE, instead of accepting it.
    static Consumer<Arrival> with(Consumer<Leg> script) {
        return arrival -> {
            var leg = arrival.leg();
            if (leg == null) {
                arrival.answer(200);
            } else {
                script.accept(leg);
            }
        };
    }
}
