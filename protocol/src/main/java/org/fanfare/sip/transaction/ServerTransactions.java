package org.fanfare.sip.transaction;

import org.fanfare.sip.MalformedSip;
import org.fanfare.sip.MessageRules;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.StatusCode;
import org.fanfare.sip.transport.Flow;
import org.fanfare.sip.transport.ReceivedVia;
import org.fanfare.wire.MalformedMessage;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// The server transactions that are open, and what is decided about a request before there is one.
final class ServerTransactions {

    private static final Logger LOG = System.getLogger(ServerTransactions.class.getName());

    /// Of which a CANCEL may have the branch: only for INVITE it means anything, but a MESSAGE that
    /// is there is no reason for 481 (RFC 3261 9.2).
    private static final List<Method> CANCELLED = List.of(Method.INVITE, Method.MESSAGE);

    private final TransactionLayer layer;
    private final TransactionLayer.Settings settings;
    private final Map<ServerKey, ServerTransaction> open = new ConcurrentHashMap<>();
    private final Map<String, ServerKey> mergeKeys = new ConcurrentHashMap<>();
    private final AtomicInteger unanswered = new AtomicInteger();
    private final AnsweredRequests answered;

    ServerTransactions(TransactionLayer layer, TransactionLayer.Settings settings) {
        this.layer = layer;
        this.settings = settings;
        answered =
                new AnsweredRequests(
                        layer.timers(), settings.values(), settings.limits().answeredRequests());
    }

    int open() {
        return unanswered.get();
    }

    void onRequest(SipRequest request, Flow flow) {
        try {
            var key = ServerKey.of(request);
            if (request.method().equals(Method.ACK)) {
                onAck(key, request, flow);
            } else if (!isRetransmission(key)) {
                onOtherRequest(key, request, flow);
            }
        } catch (MalformedSip e) {
            layer.onMalformed(e, flow, request.encoded().length());
        } catch (MalformedMessage e) {
            onMalformed(request, e, flow);
        }
    }

    /// A field was malformed that is read before all are checked; the check says what to answer.
    private void onMalformed(SipRequest request, MalformedMessage found, Flow flow) {
        try {
            MessageRules.check(request, layer.limits());
            layer.counters().malformed.increment();
            LOG.log(Level.INFO, "{0}: dropped: {1}", flow, found.getMessage());
        } catch (MalformedSip e) {
            layer.onMalformed(e, flow, request.encoded().length());
        }
    }

    private boolean isRetransmission(ServerKey key) {
        var transaction = open.get(key);
        if (transaction != null) {
            transaction.requestAgain();
        } else if (!answered.resend(key)) {
            return false;
        }
        layer.counters().retransmissionsReceived.increment();
        return true;
    }

    /// To the INVITE that it acknowledges; else it may be for a 2xx, which the user knows. Never
    /// answered (A12).
    private void onAck(ServerKey key, SipRequest ack, Flow flow) {
        var transaction = open.get(key);
        if (transaction != null) {
            transaction.acknowledged(ack, flow);
            return;
        }
        layer.counters().strayAcks.increment();
        MessageRules.check(ack, layer.limits());
        layer.passAck(ack, flow);
    }

    private void onOtherRequest(ServerKey key, SipRequest request, Flow flow) {
        MessageRules.check(request, layer.limits());
        var marked = ReceivedVia.mark(request, flow.remote());
        var back = layer.transport().answerFlow(marked.topVia(), flow);
        var incoming = new IncomingRequest(marked, request.encoded().length(), flow, back);
        if (request.method().equals(Method.CANCEL)) {
            onCancel(incoming);
        } else {
            onNewRequest(key, incoming);
        }
    }

    /// Answered without a transaction of its own: a CANCEL that comes again is answered again, the
    /// same (RFC 3261 9.2).
    private void onCancel(IncomingRequest cancel) {
        for (var method : CANCELLED) {
            var key = ServerKey.of(cancel.request(), method);
            var transaction = open.get(key);
            if (transaction != null) {
                answer(cancel, StatusCode.OK, transaction.tag());
                if (method.equals(Method.INVITE)) {
                    layer.passCancel(transaction);
                }
                return;
            }
        }
        layer.counters().strayCancels.increment();
        answer(cancel, StatusCode.CALL_OR_TRANSACTION_DOES_NOT_EXIST, layer.newTag());
    }

    private void onNewRequest(ServerKey key, IncomingRequest incoming) {
        if (unanswered.incrementAndGet() > settings.limits().openServerTransactions()) {
            unanswered.decrementAndGet();
            layer.counters().overload.increment();
            // Without Retry-After, which would stop all that the peer has for us (RFC 7339 5.10.2).
            answer(incoming, StatusCode.SERVICE_UNAVAILABLE, layer.newTag());
        } else if (isMerged(key, incoming)) {
            unanswered.decrementAndGet();
            layer.counters().mergedRequests.increment();
            answer(incoming, StatusCode.LOOP_DETECTED, layer.newTag()); // RFC 3261 8.2.2.2
        } else {
            begin(key, incoming);
        }
    }

    /// Whether the same request is here by another path. Remembers this one if not.
    private boolean isMerged(ServerKey key, IncomingRequest incoming) {
        var mergeKey =
                settings.detectsMerged() ? ServerKey.mergeKey(incoming.request()).orElse("") : "";
        if (mergeKey.isEmpty()) {
            return false;
        }
        if (answered.hasMergeKey(mergeKey)) {
            return true;
        }
        var other = mergeKeys.putIfAbsent(mergeKey, key);
        return other != null && !other.equals(key);
    }

    private void begin(ServerKey key, IncomingRequest incoming) {
        var transaction =
                incoming.request().method().equals(Method.INVITE)
                        ? new InviteServerTransaction(layer, key, incoming)
                        : new NonInviteServerTransaction(layer, key, incoming);
        var other = open.putIfAbsent(key, transaction);
        if (other == null) {
            transaction.start();
        } else { // the same datagram twice, read by two threads
            unanswered.decrementAndGet();
            other.requestAgain();
        }
    }

    /// Called once or more for each transaction.
    void terminated(ServerTransaction transaction, @Nullable SipResponse last) {
        if (!open.remove(transaction.key(), transaction)) {
            return;
        }
        unanswered.decrementAndGet();
        var incoming = transaction.incoming();
        var mergeKey = ServerKey.mergeKey(incoming.request()).orElse("");
        if (last != null && !last.isProvisional() && !incoming.flow().protocol().isReliable()) {
            answered.add(transaction.key(), mergeKey, last.encoded(), incoming.back());
        }
        mergeKeys.remove(mergeKey, transaction.key());
    }

    private void answer(IncomingRequest incoming, int status, String tag) {
        answerOnce(
                incoming.request().answer(status).toTag(tag).build(),
                incoming.back(),
                incoming.octets());
    }

    /// To a request that could not be read in full.
    void answerMalformed(SipResponse answer, Flow flow, int octets) {
        try {
            answerOnce(answer, layer.transport().answerFlow(answer.topVia(), flow), octets);
        } catch (MalformedMessage e) {
            LOG.log(Level.DEBUG, "{0}: no answer: {1}", flow, e.getMessage());
        }
    }

    /// Without state. An address that is not trusted may be forged: over UDP it gets no more octets
    /// than it sent (A1).
    void answerOnce(SipResponse answer, Flow back, int octets) {
        boolean limited =
                !back.protocol().isReliable()
                        && !layer.transport().isTrusted(back.remote().getAddress());
        var fitting =
                limited ? StatelessAnswer.within(octets, answer) : Optional.of(answer.encoded());
        if (fitting.isEmpty()) {
            layer.counters().tooLargeAnswers.increment();
            return;
        }
        try {
            back.send(fitting.get());
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "{0}: no answer: {1}", back, e.getMessage());
        }
    }
}
