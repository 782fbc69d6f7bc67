package org.fanfare.cli.conformance;

import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.digest.DigestClient;
import org.fanfare.sip.transaction.ServerTransaction;
import org.fanfare.sip.transaction.TransactionUser;
import org.fanfare.sip.transaction.WheelTimers;
import org.fanfare.sip.transport.Flow;
import org.fanfare.uri.HostPort;
import org.fanfare.uri.Uri;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Everything around the target: the core, which is its next hop, the interworking function, the
/// recipients behind both, and the client of the sender.
final class Network implements AutoCloseable {

    private static final String LISTEN = "--listen";

    private final Target target;
    private final WheelTimers timers = new WheelTimers();
    private final List<Element> elements = new ArrayList<>();
    private final MediaPort media;
    private final @Nullable DigestClient digest;
    private @Nullable Xdms xdms;
    private final Map<String, Recipient> recipients = new ConcurrentHashMap<>();
    private final Map<String, Leg> legs = new ConcurrentHashMap<>();
    private final Map<String, Call> calls = new ConcurrentHashMap<>();
    private final List<SipRequest> strays = new CopyOnWriteArrayList<>();

    private Network(Target target) throws IOException {
        this.target = target;
        try {
            media = new MediaPort(target.listen().host());
        } catch (IOException e) {
            throw cannotListen(LISTEN, target.listen().host(), e);
        }
        digest =
                target.account()
                        .map(a -> new DigestClient(a.realm(), a.user(), a.password()))
                        .orElse(null);
    }

    /// @throws IOException when an address cannot be had; it names the option and the address
    static Network open(Target target) throws IOException {
        var network = new Network(target);
        try {
            network.listen(LISTEN, target.listen(), false);
            var isf = target.isf();
            if (isf.isPresent()) {
                network.listen(Stated.ISF.option(), isf.get(), true);
            }
            var xdms = target.xdms();
            if (xdms.isPresent()) {
                network.playXdms(xdms.get());
            }
            return network;
        } catch (IOException e) {
            network.close();
            throw e;
        }
    }

    private void listen(String option, HostPort at, boolean isf) throws IOException {
        try {
            elements.add(Element.open(at, target.hop(), new User(isf), timers));
        } catch (IOException e) {
            throw cannotListen(option, at, e);
        }
    }

    private void playXdms(HostPort at) throws IOException {
        try {
            xdms = new Xdms(at, target.sender());
        } catch (IOException e) {
            throw cannotListen(Stated.XDMS.option(), at, e);
        }
    }

    private static IOException cannotListen(String option, Object at, IOException why) {
        return new IOException(
                "%s: cannot listen at %s: %s".formatted(option, at, why.getMessage()), why);
    }

    private Element core() {
        return elements.getFirst();
    }

    MediaPort media() {
        return media;
    }

    /// Where one is stated.
    Xdms xdms() {
        var there = xdms;
        if (there == null) {
            throw new IllegalStateException("no XDMS was stated");
        }
        return there;
    }

    Waiting waiting() {
        return new Waiting(target.timeout());
    }

    /// Where we are found.
    String contact() {
        return "sip:conformance@" + core().address();
    }

    void after(long millis, Runnable task) {
        var _ = timers.after(millis, task);
    }

    // ---- what we send

    Exchange send(SipRequest request) {
        var ready = digest == null ? request : digest.withCredentials(request);
        return new Exchange(core(), ready, digest).begin();
    }

    void acknowledge(SipRequest ack) {
        core().acknowledge(ack);
    }

    /// Any answer will do.
    void ping() throws Suite.NoAnswer, InterruptedException {
        var options =
                SipRequest.builder(Method.OPTIONS, Uri.parse(target.exploder()))
                        .header("Max-Forwards", "70")
                        .header("From", "<" + target.sender() + ">;tag=ping")
                        .header("To", "<" + target.exploder() + ">")
                        .header("Call-ID", UUID.randomUUID().toString())
                        .header("CSeq", "1 OPTIONS")
                        .build();
        try {
            new Exchange(core(), options, null)
                    .begin()
                    .answer()
                    .get(target.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException _) {
            throw new Suite.NoAnswer(
                    "no answer from "
                            + target.hop()
                            + " in "
                            + target.timeout().toSeconds()
                            + " s");
        }
    }

    // ---- who is there

    Recipient recipient(String uri) {
        return recipients.computeIfAbsent(uri, Recipient::new);
    }

    void forget(String uri) {
        recipients.remove(uri);
    }

    void add(Call call, String callId) {
        calls.put(callId, call);
    }

    /// Requests for nobody that we have invented.
    List<SipRequest> strays() {
        return List.copyOf(strays);
    }

    private Optional<Recipient> find(SipRequest request) {
        var exact = recipients.get(request.requestUriText());
        return exact != null
                ? Optional.of(exact)
                : recipients.values().stream()
                        .filter(r -> Uri.parse(r.uri()).equals(request.requestUri()))
                        .findFirst();
    }

    /// What comes to one of our addresses.
    private final class User implements TransactionUser {

        private final boolean isf;

        User(boolean isf) {
            this.isf = isf;
        }

        @Override
        public void onRequest(ServerTransaction transaction) {
            var request = transaction.request();
            var method = request.method();
            if (request.to().tag().isPresent()) {
                withinDialog(transaction);
            } else if (method.equals(Method.MESSAGE) || method.equals(Method.INVITE)) {
                begin(transaction);
            } else {
                int status = method.equals(Method.OPTIONS) ? 200 : 405;
                transaction.respond(request.answer(status).build());
            }
        }

        private void begin(ServerTransaction transaction) {
            var request = transaction.request();
            var recipient = find(request);
            if (recipient.isEmpty()) {
                strays.add(request);
                transaction.respond(request.answer(404).build());
                return;
            }
            Leg leg = null;
            if (request.method().equals(Method.INVITE)) {
                leg = new Leg(Network.this, transaction);
                legs.put(request.callId(), leg);
            }
            recipient.get().arrived(new Arrival(transaction, isf || isRoutedToIsf(request), leg));
        }

        /// By way of the core (section 6.5).
        private boolean isRoutedToIsf(SipRequest request) {
            return target.isf()
                    .filter(at ->
                            request.headers().values("Route").stream()
                                    .anyMatch(route -> route.contains(at.toString())))
                    .isPresent();
        }

        private void withinDialog(ServerTransaction transaction) {
            var request = transaction.request();
            var leg = legs.get(request.callId());
            var call = calls.get(request.callId());
            if (request.method().equals(Method.BYE) && leg != null) {
                leg.onBye(request);
            } else if (request.method().equals(Method.BYE) && call != null) {
                call.onBye(request);
            }
            transaction.respond(request.answer(leg == null && call == null ? 481 : 200).build());
        }

        @Override
        public void onAck(SipRequest ack, Flow flow) {
            var leg = legs.get(ack.callId());
            if (leg != null) {
                leg.onAck(ack);
            }
        }

        @Override
        public void onCancel(ServerTransaction transaction) {
            var leg = legs.get(transaction.request().callId());
            if (leg != null) {
                leg.onCancel();
            }
        }
    }

    @Override
    public void close() {
        elements.forEach(Element::close);
        media.close();
        if (xdms != null) {
            xdms.close();
        }
        timers.close();
    }
}
