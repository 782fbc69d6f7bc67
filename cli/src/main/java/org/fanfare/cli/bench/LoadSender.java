package org.fanfare.cli.bench;

import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.transaction.ResponseListener;
import org.fanfare.sip.transaction.TransactionLayer;
import org.fanfare.sip.transaction.WheelTimers;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.TlsSettings;
import org.fanfare.sip.transport.TransportLayer;
import org.fanfare.sip.transport.TransportLimits;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Octets;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/// Sends one-to-many messages to the server under load, some at a time, as many senders.
final class LoadSender implements AutoCloseable {

    /// Octets of messages that the server has not read yet; one to 100,000 has five million.
    private static final int QUEUE = 64 << 20;

    private static final int SENDERS = 256;

    private static final String BEFORE_LIST =
            """
            --b1
            Content-Type: application/resource-lists+xml
            Content-Disposition: recipient-list

            <?xml version="1.0" encoding="UTF-8"?>
            <resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list>
            """
                    .replace("\n", "\r\n");

    private static final String BEHIND_LIST =
            """
            </list></resource-lists>
            --b1
            Content-Type: message/cpim

            """
                    .replace("\n", "\r\n");

    private final WheelTimers timers = new WheelTimers();
    private final TransactionLayer transactions;
    private final Hop server;
    private final String entries;
    private final AtomicReference<@Nullable String> trouble = new AtomicReference<>();
    private int next;

    /// To the server at its stream port, with a list of these.
    ///
    /// @param tls null for TCP
    LoadSender(InetSocketAddress server, @Nullable TlsSettings tls, List<String> recipients)
            throws IOException {
        this.server = tls == null ? Hop.tcp(server) : Hop.tls(server);
        this.entries =
                recipients.stream()
                        .map(recipient -> "<entry uri=\"" + recipient + "\"/>\r\n")
                        .collect(Collectors.joining());
        var transport =
                TransportLayer.builder()
                        .host("127.0.0.1")
                        .limits(TransportLimits.DEFAULT.withQueues(QUEUE, QUEUE));
        if (tls != null) {
            transport.tls(tls);
        }
        transactions =
                new TransactionLayer(
                        transport,
                        transaction ->
                                transaction.respond(transaction.request().answer(405).build()),
                        timers);
        transactions.start();
    }

    /// Sends so many, at most `atOnce` of them unanswered, and returns when all have their final
    /// answer.
    void send(int messages, int atOnce) throws InterruptedException, IOException {
        var free = new Semaphore(atOnce);
        for (int i = 0; i < messages; i++) {
            free.acquire();
            send(new Answer(free));
        }
        free.acquire(atOnce);
        check();
    }

    /// Sends one and does not wait for its answer.
    void send() {
        send(new Answer(new Semaphore(0)));
    }

    private void send(Answer answer) {
        transactions.send(request(next++), server, answer);
    }

    /// @throws IOException when the server refused one so far
    void check() throws IOException {
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
        var content =
                """
                From: <%s>
                To: <sip:exploder@home.example>
                DateTime: 2026-03-01T12:00:00Z
                NS: imdn <urn:ietf:params:imdn>
                imdn.Message-ID: m%d

                Content-Type: text/plain;charset=UTF-8

                One message, every recipient: this one is as long as a short text is, and no longer.
                --b1--
                """
                        .formatted(sender, number);
        return BEFORE_LIST + entries + BEHIND_LIST + content.replace("\n", "\r\n");
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
