package org.fanfare.core;

import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.StatusCode;
import org.fanfare.sip.digest.DigestServer.Challenger;
import org.fanfare.sip.transaction.ServerTransaction;
import org.fanfare.sip.transaction.TransactionLayer;
import org.fanfare.sip.transaction.TransactionUser;
import org.fanfare.sip.transaction.WheelTimers;
import org.fanfare.sip.transport.Flow;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.ListenPoint;
import org.fanfare.sip.transport.TransportLayer;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.uri.HostPort;
import org.fanfare.uri.SipUri;
import org.fanfare.wire.MalformedMessage;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// A small SIP/IP core for a lab: registrar and proxy for one domain, which asserts who sends and
/// routes the EXPLODER-URI to the Participating Function. Calls between phones pass too.
///
/// It listens twice: for phones, whose claims about themselves it removes, and for the
/// Participating Function, which it believes. An address could not tell the two apart where all of
/// them run on one machine (I3).
public final class EmbeddedCore implements AutoCloseable {

    private final CoreSettings settings;
    private final InstantSource clock;
    private final Domain domain;
    private final LocationService locations = new LocationService();
    private final WheelTimers timers = new WheelTimers();
    private final TransactionLayer access;
    private final TransactionLayer service;
    private final Registrar registrar;
    private final IdentityAssertion identities;
    private final Authentication registering;
    private final Authentication sending;
    private final Routing routing;
    private final Proxy proxy;
    private final ThirdPartyRegistration registrations;
    private final RegNotifier notifier;
    private volatile boolean tellsRegistrations;
    private @Nullable BindingsFile kept;

    public EmbeddedCore(CoreSettings settings) {
        this(settings, InstantSource.system());
    }

    EmbeddedCore(CoreSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        domain = new Domain(settings.domain());
        access = layer(settings.listen(), new Side(false));
        service = layer(settings.serviceListen(), new Side(true));
        registrar = new Registrar(locations, settings, clock);
        identities = new IdentityAssertion(locations, domain);
        registering = Authentication.of(settings, Challenger.SERVER);
        sending = Authentication.of(settings, Challenger.PROXY);
        routing = new Routing(settings, domain, locations, clock, access, service);
        registrations = new ThirdPartyRegistration(service, domain);
        notifier = new RegNotifier(locations, domain, clock, timers);
        var patience = Fork.Patience.of(timers, access.values());
        proxy =
                new Proxy(
                        routing,
                        new RecordRoutes(access),
                        patience,
                        access::newBranch,
                        this::isOurs);
    }

    private TransactionLayer layer(List<ListenPoint> points, TransactionUser user) {
        // Many phones of a lab are on the machine of the core itself.
        var transport =
                TransportLayer.builder()
                        .limits(settings.limits())
                        .trusted(InetAddress::isLoopbackAddress);
        points.forEach(transport::listen);
        if (settings.tls() != null) {
            transport.tls(settings.tls());
        }
        return new TransactionLayer(
                transport, user, timers, TransactionLayer.Settings.DEFAULT.withoutMergeDetection());
    }

    /// Remembers who is where in this file from one start to the next; to be called before the
    /// start.
    public void keepBindings(Path file) {
        kept = new BindingsFile(file, settings.users(), locations, timers);
    }

    /// Opens all listen points.
    ///
    /// @throws IOException when one cannot be had, or the bindings cannot be read; says which
    public void start() throws IOException {
        try {
            access.start();
            service.start();
            if (kept != null) {
                kept.open(access.transport(), clock.instant());
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
        domain.listensOn(access.listening());
    }

    /// Where phones register and send, as really bound.
    public List<ListenPoint> listening() {
        return access.listening();
    }

    /// Where the Participating Function sends, as really bound.
    public List<ListenPoint> serviceListening() {
        return service.listening();
    }

    /// The next hop of the Participating Function over this protocol.
    public Hop serviceHop(TransportProtocol protocol) {
        var address =
                serviceListening().stream()
                        .filter(point -> point.protocol() == protocol)
                        .findFirst()
                        .orElseThrow(() ->
                                new IllegalArgumentException(
                                        "the core does not listen on " + protocol))
                        .address();
        return new Hop(protocol, address, Hop.Size.BY_RULE);
    }

    /// Where requests for the EXPLODER-URI go. Until it is known they are answered 480.
    public void participatingFunction(Hop hop) {
        routing.participatingFunction(hop);
    }

    /// Tells the Participating Function of all registrations from now on.
    public void tellRegistrations() {
        tellsRegistrations = true;
    }

    /// How many users have registered since the start.
    public int users() {
        return locations.size();
    }

    @Override
    public void close() {
        if (kept != null) {
            kept.close();
        }
        access.close();
        service.close();
        timers.close();
    }

    private boolean isOurs(HostPort sentBy) {
        return domain.isCore(sentBy);
    }

    /// Where requests come in.
    private final class Side implements TransactionUser {

        private final boolean trusted;

        private Side(boolean trusted) {
            this.trusted = trusted;
        }

        @Override
        public void onRequest(ServerTransaction transaction) {
            var request = transaction.request();
            try {
                serve(transaction, trusted);
            } catch (Refused refused) {
                transaction.respond(refused.answer(request));
            } catch (MalformedMessage malformed) {
                transaction.respond(
                        request.answer(malformed.sipStatus(), malformed.reason()).build());
            }
        }

        @Override
        public void onAck(SipRequest ack, Flow flow) {
            proxy.forwardAck(ack, trusted);
        }

        @Override
        public void onCancel(ServerTransaction transaction) {
            proxy.cancel(transaction);
        }

        @Override
        public void onClosed(Flow flow) {
            locations.closed(flow);
        }
    }

    private void serve(ServerTransaction transaction, boolean trusted) throws Refused {
        var request = transaction.request();
        proxy.check(request);
        if (request.method().equals(Method.REGISTER)) {
            register(transaction);
        } else if (RegNotifier.isAsked(request) && registeredAt(request).isPresent()) {
            subscribe(transaction, registeredAt(request).get(), trusted);
        } else if (isForCore(request) && !routing.isToService(request, trusted)) {
            transaction.respond(ownAnswer(request));
        } else if (trusted) {
            proxy.forward(transaction, request, true);
        } else {
            var identified = identified(transaction);
            if (identified.isPresent()) {
                proxy.forward(transaction, identified.get(), false);
            }
        }
    }

    /// RFC 3261 10.3 steps 1 to 5.
    private void register(ServerTransaction transaction) throws Refused {
        var request = transaction.request();
        var user = AddressOfRecord.of(request.to().uri(), domain);
        if (user.isEmpty() || !isDomain(request)) {
            throw new Refused(StatusCode.NOT_FOUND);
        }
        if (!request.require().isEmpty()) {
            throw new Refused(StatusCode.BAD_EXTENSION)
                    .with("Unsupported", String.join(", ", request.require()));
        }
        if (registering instanceof Authentication.Everybody
                && AddressOfRecord.of(request.from().uri(), domain).isEmpty()) {
            throw new Refused(StatusCode.FORBIDDEN, "From: not of this domain");
        }
        switch (registering.check(request, user)) {
            case Authentication.From(var sender) -> {
                var response = registrar.register(request, sender, transaction.flow());
                transaction.respond(response);
                if (response.isSuccess()) {
                    tell(request, sender);
                }
            }
            case Authentication.Answer(var response) -> transaction.respondStatelessly(response);
        }
    }

    private void tell(SipRequest register, AddressOfRecord user) {
        if (tellsRegistrations) {
            routing.participatingFunction()
                    .ifPresent(function ->
                            registrations.tell(
                                    function,
                                    user,
                                    register,
                                    () -> registrar.bindings(register, user)));
        }
    }

    /// The user of the domain whose registrations a SUBSCRIBE asks for.
    private Optional<AddressOfRecord> registeredAt(SipRequest subscribe) {
        return routing.remainingRoutes(subscribe).isEmpty()
                ? AddressOfRecord.of(subscribe.requestUri(), domain)
                : Optional.empty();
    }

    /// Servers that are trusted may know who is registered, and the user himself (RFC 3680 4.6).
    private void subscribe(ServerTransaction transaction, AddressOfRecord user, boolean trusted)
            throws Refused {
        if (trusted) {
            var function = routing.participatingFunction();
            if (function.isEmpty()) {
                throw new Refused(StatusCode.FORBIDDEN);
            }
            notifier.subscribe(transaction, user, new Way.ToHop(service, function.get()));
            return;
        }
        var sender = sender(transaction);
        if (sender.isPresent()) {
            if (!sender.get().equals(user)) {
                throw new Refused(StatusCode.FORBIDDEN);
            }
            notifier.subscribe(transaction, user, new Way.OverFlow(access, transaction.flow()));
        }
    }

    private boolean isDomain(SipRequest request) {
        return request.requestUri() instanceof SipUri uri && domain.holds(uri.hostPort());
    }

    private boolean isForCore(SipRequest request) {
        return request.requestUri() instanceof SipUri uri
                && domain.holds(uri.hostPort())
                && uri.user().isEmpty()
                && routing.remainingRoutes(request).isEmpty();
    }

    private static SipResponse ownAnswer(SipRequest request) {
        boolean asks = request.method().equals(Method.OPTIONS);
        return request.answer(asks ? StatusCode.OK : StatusCode.METHOD_NOT_ALLOWED)
                .header("Allow", "REGISTER, OPTIONS")
                .build();
    }

    /// The request with its sender asserted; empty when it has been answered instead.
    private Optional<SipRequest> identified(ServerTransaction transaction) {
        return sender(transaction).map(user -> identities.asserted(transaction.request(), user));
    }

    /// Who sends, as far as the core knows; empty when the request has been answered instead.
    private Optional<AddressOfRecord> sender(ServerTransaction transaction) {
        var request = transaction.request();
        var registered = identities.registered(request, transaction.flow(), clock.instant());
        if (registered.isPresent()) {
            return registered;
        }
        return switch (sending.check(request, identities.named(request))) {
            case Authentication.From(var user) -> Optional.of(user);
            case Authentication.Answer(var response) -> {
                transaction.respondStatelessly(response);
                yield Optional.empty();
            }
        };
    }
}
