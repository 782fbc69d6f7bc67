package org.fanfare.core;

import org.fanfare.cpm.FeatureTag;
import org.fanfare.sip.Contact;
import org.fanfare.sip.SipDate;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.StatusCode;
import org.fanfare.sip.transport.Flow;
import org.fanfare.uri.HostPort;
import org.fanfare.uri.SipUri;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Processing of REGISTER requests (RFC 3261 10.3, from step 6 on). Who may register whom has been
/// checked before.
final class Registrar {

    /// More contacts than a person has devices are a fault or an attack.
    static final int MAX_CONTACTS = 10;

    private static final Duration HOUR = Duration.ofHours(1);

    private final LocationService locations;
    private final CoreSettings settings;
    private final InstantSource clock;

    Registrar(LocationService locations, CoreSettings settings, InstantSource clock) {
        this.locations = locations;
        this.settings = settings;
        this.clock = clock;
    }

    /// Changes the bindings of a user, or none of them; without Contact it only shows them.
    SipResponse register(SipRequest request, AddressOfRecord user, Flow flow) throws Refused {
        var now = clock.instant();
        var contacts = request.contacts();
        if (contacts.isEmpty()) {
            return bindings(request, user);
        }
        if (!locations.knows(user) && locations.size() >= settings.maxUsers()) {
            throw new Refused(StatusCode.SERVICE_UNAVAILABLE, "Too Many Users");
        }
        var bindings =
                contacts.contains(new Contact.All())
                        ? removeAll(request, user, contacts, now)
                        : update(request, user, contacts, flow, now);
        return withBindings(request, bindings, now);
    }

    /// The bindings as they are now.
    SipResponse bindings(SipRequest request, AddressOfRecord user) {
        var now = clock.instant();
        return withBindings(request, locations.active(user, now), now);
    }

    // RFC 3261 10.3 step 6
    private List<Binding> removeAll(
            SipRequest request, AddressOfRecord user, List<Contact> contacts, Instant now)
            throws Refused {
        if (contacts.size() > 1 || request.expires().orElse(-1) != 0) {
            throw new Refused(
                    StatusCode.BAD_REQUEST, "Contact: expected * alone and with Expires: 0");
        }
        return locations.update(
                user,
                now,
                old -> {
                    for (var binding : old) {
                        checkOrder(binding, request);
                    }
                    return List.of();
                });
    }

    // RFC 3261 10.3 step 7
    private List<Binding> update(
            SipRequest request,
            AddressOfRecord user,
            List<Contact> contacts,
            Flow flow,
            Instant now)
            throws Refused {
        return locations.update(
                user,
                now,
                old -> {
                    var changed = new ArrayList<>(old);
                    for (var contact : contacts) {
                        if (contact instanceof Contact.Address address) {
                            change(changed, request, user, address, flow, now);
                        }
                    }
                    if (changed.size() > MAX_CONTACTS) {
                        throw new Refused(StatusCode.FORBIDDEN, "Too Many Contacts");
                    }
                    return List.copyOf(changed);
                });
    }

    private void change(
            List<Binding> bindings,
            SipRequest request,
            AddressOfRecord user,
            Contact.Address contact,
            Flow flow,
            Instant now)
            throws Refused {
        long expires = expires(request, contact);
        for (var binding : bindings) {
            if (binding.isOf(contact.uri())) {
                checkOrder(binding, request);
            }
        }
        bindings.removeIf(binding -> binding.isOf(contact.uri()));
        if (expires > 0) {
            var gruu = gruu(request, user, contact);
            bindings.add(Binding.of(request, contact, gruu, now.plusSeconds(expires), flow));
        }
    }

    /// The public GRUU of a device that names itself and wants one (RFC 5627 5.3).
    private Optional<SipUri> gruu(
            SipRequest request, AddressOfRecord user, Contact.Address contact) {
        if (!request.supported().contains("gruu")) {
            return Optional.empty();
        }
        return FeatureTag.of(contact.parameters()).stream()
                .filter(FeatureTag::isInstance)
                .map(tag -> tag.value().replaceAll("^<|>$", ""))
                .findFirst()
                .map(urn ->
                        SipUri.of(user.user(), HostPort.of(settings.domain()))
                                .withParameter("gr", urn));
    }

    /// A request that a later one of the same phone has overtaken changes nothing.
    private static void checkOrder(Binding binding, SipRequest request) throws Refused {
        if (binding.callId().equals(request.callId())
                && request.cseq().number() <= binding.cseq()) {
            throw new Refused(StatusCode.SERVER_INTERNAL_ERROR, "Out of Order");
        }
    }

    /// What the contact says, else what the request says, else the default; at most the maximum. A
    /// value that is no number counts as an hour (RFC 3261 10.3).
    private long expires(SipRequest request, Contact.Address contact) throws Refused {
        long wanted =
                contact.parameters().has("expires")
                        ? contact.expires().orElse(HOUR.toSeconds())
                        : request.expires().orElse(settings.defaultExpires().toSeconds());
        if (wanted > 0 && wanted < HOUR.toSeconds() && wanted < settings.minExpires().toSeconds()) {
            throw new Refused(StatusCode.INTERVAL_TOO_BRIEF)
                    .with("Min-Expires", Long.toString(settings.minExpires().toSeconds()));
        }
        return Math.min(wanted, settings.maxExpires().toSeconds());
    }

    // RFC 3261 10.3 step 8
    private static SipResponse withBindings(
            SipRequest request, List<Binding> bindings, Instant now) {
        var answer = request.answer(StatusCode.OK);
        for (var binding : bindings) {
            long left = Math.max(1, Duration.between(now, binding.expires()).toSeconds());
            answer.header("Contact", binding.contact(left));
        }
        return answer.header("Date", SipDate.format(now)).build();
    }
}
