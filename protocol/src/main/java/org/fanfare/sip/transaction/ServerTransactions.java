package org.fanfare.sip.transaction;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
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

/// The server transactions that are open, and what is decided about a request before there is one.
final class ServerTransactions {

    /// Of which a CANCEL may have the branch: only for INVITE it means anything, but a MESSAGE that is
    /// there is no reason for 481 (RFC 3261 9.2).
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
        int octets = request.encoded().length();
        try {
            var key = ServerKey.of(request);
            if (request.method().equals(Method.ACK)) {
                onAck(key, request, flow);
            } else if (!isRetransmission(key)) {
                MessageRules.check(request, layer.limits());
                var marked = ReceivedVia.mark(request, flow.remote());
                var back = layer.transport().answerFlow(marked.topVia(), flow);
                onNewRequest(key, new IncomingRequest(marked, octets, flow, back));
            }
        } catch (MalformedSip e) {
            layer.onMalformed(e, flow, octets);
        } catch (MalformedMessage e) {
            refuse(request, e, flow, octets);
        }
    }
}
