package org.fanfare.cli.conformance;

import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.wire.Octets;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A session in which the client of the sender sends a large message.
final class Call implements AutoCloseable {

    static final String COMPLETED = "SIP;cause=200;text=\"Call completed\"";
    static final String FAILED = "SIP;cause=480;text=\"Transmission Failed\"";

    private final Network network;
    private final Exchange exchange;

    /// To the INVITE, once it has its ACK: nothing that follows overtakes that.
    private final CompletableFuture<SipResponse> answer;

    private final String path;
    private final CompletableFuture<SipRequest> bye = new CompletableFuture<>();
    private @Nullable MediaConnection media;
    private boolean over;
    private Exchange latest;
    private @Nullable SipResponse parting;

    Call(Network network, Outgoing outgoing) {
        this.network = network;
        path = network.media().newPath();
        var offer =
                Sdp.of(
                        network.media().address(),
                        path,
                        "accept-types:message/cpim",
                        "accept-wrapped-types:text/plain",
                        "sendonly",
                        "setup:actpass",
                        Sdp.FILE_SELECTOR + ":size:" + outgoing.cpim().length(),
                        Sdp.CEMA);
        var invite = outgoing.build(network.contact(), offer);
        network.add(this, invite.callId());
        exchange = network.send(invite);
        latest = exchange;
        answer = exchange.answer().thenApply(given -> acknowledge(exchange, given));
    }

    /// A 2xx has its ACK at once, with the CSeq of the INVITE as it was sent last: a challenge has
    /// raised it (RFC 3261 13.2.2.4 and 22.2).
    private SipResponse acknowledge(Exchange invited, SipResponse given) {
        if (given.isSuccess()) {
            network.acknowledge(request(Method.ACK, given, cseq(invited)).build());
        }
        return given;
    }

    private static long cseq(Exchange exchange) {
        return exchange.request().cseq().number();
    }

    /// One more than the last one that was sent (RFC 3261 12.2.1.1).
    private SipRequest.Builder next(Method method, SipResponse given) {
        return request(method, given, cseq(latest) + 1);
    }

    private SipRequest.Builder request(Method method, SipResponse given, long cseq) {
        return DialogState.ofCaller(exchange.request(), given).request(method, cseq);
    }

    private Exchange send(SipRequest.Builder request) {
        latest = network.send(request.build());
        return latest;
    }

    SipResponse answer() throws Mismatch, InterruptedException {
        return network.waiting().await(answer, "a final response to the INVITE");
    }

    boolean isAnswered() {
        return answer.isDone();
    }

    /// CANCEL goes out after a provisional response only (RFC 3261 9.1).
    void awaitProvisional() throws Mismatch, InterruptedException {
        network.waiting().await(exchange.provisional(), "a provisional response to the INVITE");
    }

    Sdp description() throws Mismatch, InterruptedException {
        return Bodies.description(answer());
    }

    /// Opens the connection that the answer wants, and shows which session it is for with a SEND
    /// without content (RFC 4975 5.4).
    Call connect() throws Mismatch, InterruptedException {
        Expect.success(answer());
        var theirs = description().path();
        try {
            var timeout = network.waiting().timeout();
            var connection = MediaConnection.connect(MediaConnection.addressOf(theirs), timeout);
            media = connection;
            connection.patience(timeout);
            connection.write(
                    Frame.send("bind", theirs, path, "bind", "1-0/0", Octets.EMPTY, 0, 0, '$'));
            int status = response(connection, "bind");
            Expect.that(status == 200, "MSRP 200 to the SEND without content", "" + status);
            return this;
        } catch (IOException e) {
            throw new Mismatch("an MSRP connection to " + theirs, String.valueOf(e.getMessage()));
        }
    }

    /// Sends content chunk by chunk, each after the response to the one before.
    ///
    /// @return the responses; the last one may be no 200
    List<Integer> send(Octets content, int chunk) throws Mismatch, InterruptedException {
        var theirs = description().path();
        int length = content.length();
        var statuses = new ArrayList<Integer>();
        var connection = media;
        if (connection == null) {
            throw new IllegalStateException("not connected");
        }
        try {
            for (int at = 0; at < length; at += chunk) {
                int end = Math.min(length, at + chunk);
                var id = "chunk" + at;
                var range = (at + 1) + "-" + end + "/" + length;
                char flag = end == length ? '$' : '+';
                connection.write(
                        Frame.send(id, theirs, path, "content", range, content, at, end, flag));
                statuses.add(response(connection, id));
                if (statuses.getLast() != 200) {
                    break;
                }
            }
            return statuses;
        } catch (IOException e) {
            throw new Mismatch("an MSRP response to each chunk", statuses + ", then " + e);
        }
    }

    private static int response(MediaConnection connection, String transaction) throws IOException {
        while (true) {
            var frame = connection.next().orElseThrow(() -> new IOException("end of stream"));
            if (frame.status() != 0 && frame.transaction().equals(transaction)) {
                return frame.status();
            }
        }
    }

    /// Content and BYE as the client has to (7.2.1.2).
    SipResponse complete(Octets content) throws Mismatch, InterruptedException {
        connect();
        var statuses = send(content, 2048);
        Expect.that(
                statuses.stream().allMatch(status -> status == 200),
                "MSRP 200 to every chunk",
                statuses.toString());
        return hangUp(COMPLETED);
    }

    SipResponse hangUp(String reason) throws Mismatch, InterruptedException {
        over = true;
        var sent = send(next(Method.BYE, answer()).header("Reason", reason));
        parting = network.waiting().await(sent.answer(), "a final response to the BYE");
        return parting;
    }

    /// The answer to our BYE.
    SipResponse parting() {
        var given = parting;
        if (given == null) {
            throw new IllegalStateException("there was none");
        }
        return given;
    }

    /// By UPDATE, or by INVITE with the description of before (RFC 4028 7.4).
    SipResponse refresh(Method method, int seconds) throws Mismatch, InterruptedException {
        var first = exchange.request();
        var refresh =
                next(method, answer())
                        .header("Contact", "<" + network.contact() + ">")
                        .header("Supported", "timer")
                        .header("Session-Expires", seconds + ";refresher=uac");
        if (method.equals(Method.INVITE)) {
            refresh.body(first.header("Content-Type").orElse(""), first.body());
        }
        var sent = send(refresh);
        var given = network.waiting().await(sent.answer(), "a final response to the " + method);
        return method.equals(Method.INVITE) ? acknowledge(sent, given) : given;
    }

    void cancel() {
        over = true;
        exchange.cancel();
    }

    void onBye(SipRequest request) {
        over = true;
        bye.complete(request);
    }

    SipRequest bye() throws Mismatch, InterruptedException {
        return network.waiting().await(bye, "BYE to the sender");
    }

    /// Leaves nothing behind.
    @Override
    public void close() {
        if (media != null) {
            media.close();
        }
        if (over) {
            return;
        }
        if (!isAnswered()) {
            exchange.cancel();
        } else if (!answer.isCompletedExceptionally() && answer.join().isSuccess()) {
            send(next(Method.BYE, answer.join()).header("Reason", FAILED));
        }
    }
}
