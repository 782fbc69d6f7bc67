package org.fanfare.core;

import org.fanfare.cpm.AcceptContact;
import org.fanfare.cpm.CpmHeader;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.StatusCode;
import org.fanfare.sip.transaction.TransactionLayer;
import org.fanfare.sip.transport.Hop;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.SipUri;
import org.fanfare.uri.TelUri;
import org.fanfare.uri.Uri;
import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Where requests go (RFC 3261 16.4 and 16.5): to the contacts of the users of the domain, to the
/// Participating Function, or, if they come from there, where their Route says. No name is ever
/// looked up, and nothing goes to other domains (decision 8).
final class Routing {

    /// What begins a message of CPM, in either mode.
    private static final Set<Method> SERVED = Set.of(Method.MESSAGE, Method.INVITE);

    private final CoreSettings settings;
    private final Domain domain;
    private final LocationService locations;
    private final InstantSource clock;
    private final TransactionLayer access;
    private final TransactionLayer service;
    private volatile @Nullable Hop participatingFunction;

    Routing(
            CoreSettings settings,
            Domain domain,
            LocationService locations,
            InstantSource clock,
            TransactionLayer access,
            TransactionLayer service) {
        this.settings = settings;
        this.domain = domain;
        this.locations = locations;
        this.clock = clock;
        this.access = access;
        this.service = service;
    }

    void participatingFunction(Hop hop) {
        participatingFunction = hop;
    }

    Optional<Hop> participatingFunction() {
        return Optional.ofNullable(participatingFunction);
    }

    /// The Route values that are left when our own are off the top (16.4).
    List<NameAddress> remainingRoutes(SipRequest request) {
        var routes = new ArrayList<>(request.routes());
        while (!routes.isEmpty() && isOurs(routes.getFirst())) {
            routes.removeFirst();
        }
        return List.copyOf(routes);
    }

    /// Whether it is a request of a phone in a dialog with the Participating Function, which the
    /// core has left its mark in when it was set up.
    boolean isToService(SipRequest request, boolean trusted) {
        return !trusted
                && request.to().tag().isPresent()
                && request.routes().stream()
                        .takeWhile(this::isOurs)
                        .anyMatch(RecordRoutes::isToService);
    }

    private boolean isOurs(NameAddress route) {
        return route.uri() instanceof SipUri uri && domain.holds(uri.hostPort());
    }

    /// The places that a request goes to (16.5).
    ///
    /// @param trusted whether the request comes from the Participating Function
    /// @param routes what is left of its Route
    List<Target> targets(SipRequest request, boolean trusted, List<NameAddress> routes)
            throws Refused {
        var uri = request.requestUri();
        if (!routes.isEmpty()) {
            return List.of(byRoute(uri, routes.getFirst(), trusted));
        }
        if (isToService(request, trusted)
                || settings.isExploder(uri)
                || isServed(request, trusted)) {
            return List.of(toParticipatingFunction(uri, trusted));
        }
        if (uri instanceof SipUri || uri instanceof TelUri) {
            var user = AddressOfRecord.of(uri, domain);
            return user.isPresent()
                    ? phones(user.get(), CallerPreferences.of(request, settings.limits()))
                    : List.of(contact(uri));
        }
        throw new Refused(StatusCode.UNSUPPORTED_URI_SCHEME);
    }

    /// Whether the Participating Function serves the sender of this very message.
    private boolean isServed(SipRequest request, boolean trusted) {
        return settings.allOriginating()
                && !trusted
                && SERVED.contains(request.method())
                && !AcceptContact.services(
                                AcceptContact.parse(
                                        request.headers().all(CpmHeader.ACCEPT_CONTACT),
                                        settings.limits()))
                        .isEmpty();
    }

    /// Only those who are trusted may send something somewhere by way of the core.
    private Target byRoute(Uri uri, NameAddress route, boolean trusted) throws Refused {
        var hop = route.uri() instanceof SipUri next ? hop(next) : Optional.<Hop>empty();
        if (!trusted || hop.isEmpty()) {
            throw new Refused(StatusCode.FORBIDDEN, "Route: not served");
        }
        return new Target(uri, new Way.ToHop(service, hop.get()), Target.Side.NETWORK);
    }

    private Target toParticipatingFunction(Uri exploder, boolean trusted) throws Refused {
        var hop = participatingFunction;
        if (trusted) { // A5: a copy that would be exploded again
            throw new Refused(StatusCode.LOOP_DETECTED);
        }
        if (hop == null) {
            throw new Refused(StatusCode.TEMPORARILY_UNAVAILABLE, "No Participating Function");
        }
        return new Target(exploder, new Way.ToHop(service, hop), Target.Side.SERVICE);
    }

    private List<Target> phones(AddressOfRecord user, CallerPreferences preferences)
            throws Refused {
        if (!locations.knows(user)) {
            throw new Refused(StatusCode.NOT_FOUND);
        }
        var targets =
                locations.active(user, clock.instant()).stream()
                        .filter(preferences::admit)
                        .map(this::phone)
                        .flatMap(Optional::stream)
                        .toList();
        if (targets.isEmpty()) {
            throw new Refused(StatusCode.TEMPORARILY_UNAVAILABLE);
        }
        return targets;
    }

    /// Requests within a dialog are addressed to contacts.
    private Target contact(Uri uri) throws Refused {
        return locations
                .withContact(uri, clock.instant())
                .flatMap(this::phone)
                .orElseThrow(() -> new Refused(StatusCode.NOT_FOUND));
    }

    private Optional<Target> phone(Binding binding) {
        return way(binding).map(way -> new Target(binding.contact().uri(), way, Target.Side.PHONE));
    }

    /// Over a connection that is still there; over UDP to the address in the contact, or, where
    /// that is not the address that the registration came from, there is an address translator in
    /// between, and only the way back leads through it.
    private Optional<Way> way(Binding binding) {
        var flow = binding.flow();
        var stated =
                binding.contact().uri() instanceof SipUri contact
                        ? hop(contact).filter(hop -> isSameHost(hop, flow.remote()))
                        : Optional.<Hop>empty();
        boolean connected = flow.protocol().isReliable();
        if (connected && flow.isOpen()) {
            return Optional.of(new Way.OverFlow(access, flow));
        }
        if (stated.isPresent()) {
            return Optional.of(new Way.ToHop(access, stated.get()));
        }
        return connected ? Optional.empty() : Optional.of(new Way.OverFlow(access, flow));
    }

    private static boolean isSameHost(Hop hop, InetSocketAddress address) {
        return hop.address().getAddress().equals(address.getAddress());
    }

    /// The hop that a URI with a numeric address means.
    private static Optional<Hop> hop(SipUri uri) {
        try {
            return Domain.literal(uri.hostPort()).map(_ -> Hop.parse(uri.toString()));
        } catch (IllegalArgumentException unknownTransport) {
            return Optional.empty();
        }
    }
}
