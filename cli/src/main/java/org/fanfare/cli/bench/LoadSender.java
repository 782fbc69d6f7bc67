package org.fanfare.cli.bench;

import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.transaction.ResponseListener;
import org.fanfare.sip.transaction.TransactionLayer;
import org.fanfare.sip.transaction.WheelTimers;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.TransportLayer;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Octets;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Sends one-to-many messages to the server under load, some at a time, as many senders.
final class LoadSender implements AutoCloseable {

    private static final int SENDERS = 64;

    private final WheelTimers timers = new WheelTimers();
    private final TransactionLayer transactions;
    private final Hop server;
    private final String entries;
    private final AtomicReference<@Nullable String> trouble = new AtomicReference<>();
    private int next;

    LoadSender(InetSocketAddress server, PagerLoad load) throws IOException {
        this.server = Hop.tcp(server);
        this.entries =
                IntStream.range(0, load.recipients())
                        .mapToObj(i -> "<entry uri=\"" + recipient(i, load.isDead(i)) + "\"/>\n")
                        .collect(Collectors.joining());
        transactions =
                new TransactionLayer(
                        TransportLayer.builder().host("127.0.0.1"),
                        transaction ->
                                transaction.respond(transaction.request().answer(405).build()),
                        timers);
        transactions.start();
    }

    private static String recipient(int index, boolean dead) {
        return "sip:" + (dead ? "dead" : "r") + index + "@home.example";
    }

    /// Sends so many, at most `atOnce` of them unanswered, and returns when all have their final
    /// answer.
    void send(int messages, int atOnce) throws InterruptedException, IOException {
        var free = new Semaphore(atOnce);
        for (int i = 0; i < messages; i++) {
            free.acquire();
            transactions.send(request(next++), server, new Answer(free));
        }
        free.acquire(atOnce);
        var what = trouble.get();
        if (what != null) {
            throw new IOException("the server under load answered " + what);
        }
    }

    /// The number of the next message, so that several senders do not repeat each other.
    void startAt(int number) {
        next = number;
    }

    static String contributionId(int number) {
        return "bench-" + number;
    }

    private SipRequest request(int number) {
        var sender = "sip:sender" + number % SENDERS + "@home.example";
        return SipRequest.builder(Method.MESSAGE, Uri.parse("sip:exploder@home.example"))
                .header("Max-Forwards", "70")
                .header("From", "<" + sender + ">;tag=" + number)
                .header("To", "<sip:exploder@home.example>")
                .header("Call-ID", "bench-" + number + "-" + System.nanoTime())
                .header("CSeq", "1 MESSAGE")
                .header(
                        "Accept-Contact",
                        "*;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg\"")
                .header("P-Asserted-Identity", "<" + sender + ">")
                .header("P-Asserted-Service", "urn:urn-7:3gpp-service.ims.icsi.oma.cpm.msg.group")
                .header("Conversation-ID", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6")
                .header("Contribution-ID", contributionId(number))
                .header("User-Agent", "CPM-client/OMA2.2")
                .body("multipart/mixed;boundary=\"b1\"", Octets.utf8(body(sender, number)))
                .build();
    }

    private String body(String sender, int number) {
        return """
        --b1
        Content-Type: application/resource-lists+xml
        Content-Disposition: recipient-list

        <?xml version="1.0" encoding="UTF-8"?>
        <resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list>
        %s</list></resource-lists>
        --b1
        Content-Type: message/cpim

        From: <%s>
        To: <sip:exploder@home.example>
        DateTime: 2026-03-01T12:00:00Z
        NS: imdn <urn:ietf:params:imdn>
        imdn.Message-ID: m%d

        Content-Type: text/plain;charset=UTF-8

        One message, every recipient: this one is as long as a short text is, and no longer.
        --b1--
        """
                .formatted(entries, sender, number)
                .replace("\n", "\r\n");
    }

    private final class Answer implements ResponseListener {

        private final Semaphore free;

        Answer(Semaphore free) {
            this.free = free;
        }

        @Override
        public void onFinal(SipResponse response) {
            end(response.isSuccess() ? null : response.status() + " " + response.reason());
        }

        @Override
        public void onTimeout() {
            end("nothing");
        }

        @Override
        public void onTransportFailure(IOException cause) {
            end("nothing: " + cause.getMessage());
        }

        private void end(@Nullable String what) {
            if (what != null) {
                trouble.set(what);
            }
            free.release();
        }
    }

    @Override
    public void close() {
        transactions.close();
        timers.close();
    }
}
