package org.fanfare.core;

import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.StatusCode;
import org.fanfare.sip.transaction.ServerTransaction;
import org.fanfare.uri.HostPort;
import org.fanfare.uri.NameAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Forwards requests statefully (RFC 3261 16): one server transaction towards the sender, a client
/// transaction for each target.
final class Proxy {

    private static final Logger LOG = LoggerFactory.getLogger(Proxy.class);

    private static final int MAX_FORWARDS = 70;

    private final Routing routing;
    private final RecordRoutes recordRoutes;
    private final Supplier<String> newBranch;
    private final Fork.Patience timers;
    private final Predicate<HostPort> isOurs;
    private final Map<ServerTransaction, Fork> calls = new ConcurrentHashMap<>();

    /// @param timers for INVITEs that nobody answers
    /// @param newBranch makes unique branches, with the magic cookie
    /// @param isOurs whether a sent-by in Via is the core's
    Proxy(
            Routing routing,
            RecordRoutes recordRoutes,
            Fork.Patience timers,
            Supplier<String> newBranch,
            Predicate<HostPort> isOurs) {
        this.routing = routing;
        this.recordRoutes = recordRoutes;
        this.timers = timers;
        this.newBranch = newBranch;
        this.isOurs = isOurs;
    }

    /// What must hold before anything is done with a request (16.3).
    void check(SipRequest request) throws Refused {
        if (request.maxForwards().orElse(MAX_FORWARDS) == 0) { // step 3
            throw new Refused(StatusCode.TOO_MANY_HOPS);
        }
        if (LoopDetection.isLoop(request, isOurs)) { // step 4
            throw new Refused(StatusCode.LOOP_DETECTED);
        }
        var required = request.proxyRequire();
        if (!required.isEmpty()) { // step 5
            throw new Refused(StatusCode.BAD_EXTENSION)
                    .with("Unsupported", String.join(", ", required));
        }
    }

    /// Sends a request on to all its targets at once (16.6).
    ///
    /// @param request as received but for the identity of its sender
    void forward(ServerTransaction transaction, SipRequest request, boolean trusted)
            throws Refused {
        var routes = routing.remainingRoutes(request);
        var targets = routing.targets(request, trusted, routes);
        var fork = new Fork(transaction, targets.size(), timers, () -> calls.remove(transaction));
        if (request.method().equals(Method.INVITE)) {
            calls.put(transaction, fork);
        }
        for (var target : targets) {
            var copy = copy(transaction, request, routes, target, trusted);
            var branch = LoopDetection.branch(newBranch.get(), transaction.request());
            var listener = fork.newBranch();
            listener.sent(target.way().send(copy, branch, listener));
        }
    }

    private SipRequest copy(
            ServerTransaction transaction,
            SipRequest request,
            List<NameAddress> routes,
            Target target,
            boolean trusted) {
        var copy = forwarded(request, routes, target);
        if (recordRoutes.areWanted(request.method())) { // step 4
            boolean service = trusted || target.side() == Target.Side.SERVICE;
            recordRoutes.add(copy, transaction.flow(), target.way().protocol(), service);
        }
        return copy.build();
    }

    private static SipRequest.Builder forwarded(
            SipRequest request, List<NameAddress> routes, Target target) {
        var seen = target.isPhone() ? IdentityAssertion.forPhone(request) : request;
        var copy = seen.toBuilder().requestUri(target.requestUri()); // step 2
        copy.set("Max-Forwards", hopsLeft(request)); // step 3
        copy.remove("Route");
        routes.forEach(route -> copy.header("Route", route));
        return copy;
    }

    private static String hopsLeft(SipRequest request) {
        var received = request.maxForwards();
        return Integer.toString(received.isPresent() ? received.getAsInt() - 1 : MAX_FORWARDS);
    }

    /// The caller gives up.
    void cancel(ServerTransaction transaction) {
        var fork = calls.get(transaction);
        if (fork != null) {
            fork.cancel();
        }
    }

    /// The ACK for a 2xx travels like any request, but nobody answers it (RFC 3261 13.2.2.4).
    void forwardAck(SipRequest ack, boolean trusted) {
        try {
            check(ack);
            var routes = routing.remainingRoutes(ack);
            for (var target : routing.targets(ack, trusted, routes)) {
                target.way().sendAck(forwarded(ack, routes, target).build());
            }
        } catch (Refused | IOException e) {
            LOG.info("event=ack-dropped call-id={} reason={}", ack.callId(), e.getMessage());
        }
    }
}
