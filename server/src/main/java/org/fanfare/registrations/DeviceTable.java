package org.fanfare.registrations;

import org.fanfare.cpm.ReleaseVersion;
import org.fanfare.pf.Device;
import org.fanfare.reginfo.RegisteredContact;
import org.fanfare.sip.Contact;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.uri.NameAddress;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The devices of users as they are known, each until its registration ends. In memory: what a
/// restart forgets, the core tells again.
final class DeviceTable {

    /// As many as a registrar takes.
    private static final int MOST_OF_USER = 10;

    private final InstantSource clock;
    private final Map<String, Known> users;

    /// @param mostUsers those who were told of longest ago are forgotten beyond
    DeviceTable(InstantSource clock, int mostUsers) {
        this.clock = clock;
        users =
                new LinkedHashMap<>() {
                    @Override
                    protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
                        return size() > mostUsers;
                    }
                };
    }

    /// @param callId of the request that told last, empty when something else did
    private record Known(List<Bound> devices, String callId, long cseq) {

        static final Known NOTHING = new Known(List.of(), "", 0);

        boolean isNewerThan(ThirdPartyRegister told) {
            return callId.equals(told.callId()) && cseq >= told.cseq();
        }
    }

    private record Bound(Device device, Instant until) {}

    /// The devices that are registered now.
    synchronized List<Device> of(String user) {
        return inForce(user).stream().map(Bound::device).toList();
    }

    /// Devices that were registered when they were told of.
    synchronized int devices() {
        return users.values().stream().mapToInt(known -> known.devices.size()).sum();
    }

    private List<Bound> inForce(String user) {
        var now = clock.instant();
        return users.getOrDefault(user, Known.NOTHING).devices.stream()
                .filter(bound -> now.isBefore(bound.until))
                .toList();
    }

    synchronized void put(String user, List<Device> devices, Instant until) {
        set(user, devices.stream().map(device -> new Bound(device, until)).toList(), "", 0);
    }

    synchronized void remove(String user) {
        users.remove(user);
    }

    /// Takes over what the core says.
    synchronized void update(ThirdPartyRegister told) {
        if (users.getOrDefault(told.user(), Known.NOTHING).isNewerThan(told)) {
            return;
        }
        var response = told.response();
        var register = told.register();
        if (response.isPresent()) {
            replace(told, response.get());
        } else if (register.isPresent()) {
            change(told, register.get());
        } else if (told.expires() == 0) {
            set(told.user(), List.of(), told.callId(), told.cseq());
        }
    }

    /// The response names every contact of the user (RFC 3261 10.3 step 8).
    private void replace(ThirdPartyRegister told, SipResponse response) {
        var before = inForce(told.user());
        var registered =
                told.register().map(SipRequest::contacts).orElse(List.of()).stream()
                        .flatMap(contact -> contact.asAddress().stream())
                        .toList();
        var after = new ArrayList<Bound>();
        for (var contact : response.contacts()) {
            if (contact instanceof Contact.Address at) {
                boolean isNew = registered.stream().anyMatch(r -> r.uri().matches(at.uri()));
                var release = isNew ? told.release() : releaseOf(at.address(), before);
                after.add(bound(at.address(), release, at.expires().orElse(told.expires())));
            }
        }
        set(told.user(), after, told.callId(), told.cseq());
    }

    /// All contacts of the user, as a notification has them (RFC 3680 5). What it does not say of a
    /// device is as it was known: not every notifier tells all, and none tells the release.
    ///
    /// @param lasting as long as the subscription is in force the core tells of every end; none
    ///   when it is over, and a contact that has no time of its own stays as long as it was known
    ///   to
    synchronized void update(String user, List<RegisteredContact> contacts, Duration lasting) {
        var known = users.getOrDefault(user, Known.NOTHING);
        var before = inForce(user);
        set(
                user,
                contacts.stream().map(contact -> bound(contact, lasting, before)).toList(),
                known.callId,
                known.cseq);
    }

    private Bound bound(RegisteredContact contact, Duration lasting, List<Bound> before) {
        var now = Device.of(contact.address(), releaseOf(contact.address(), before));
        var known =
                before.stream()
                        .filter(other -> other.device.contact().matches(now.contact()))
                        .findFirst();
        var device = known.map(Bound::device).map(now::orAs).orElse(now);
        long seconds = Math.max(contact.expires().orElse(0), lasting.toSeconds());
        var until = clock.instant().plusSeconds(seconds);
        return contact.expires().isEmpty() && known.isPresent() && known.get().until.isAfter(until)
                ? new Bound(device, known.get().until)
                : new Bound(device, until);
    }

    private static Optional<ReleaseVersion> releaseOf(NameAddress contact, List<Bound> known) {
        return known.stream()
                .filter(bound -> bound.device.contact().matches(contact.uri()))
                .flatMap(bound -> bound.device.release().stream())
                .findFirst();
    }

    /// The REGISTER of the client changes what it names.
    private void change(ThirdPartyRegister told, SipRequest register) {
        var after = new ArrayList<>(inForce(told.user()));
        for (var contact : register.contacts()) {
            switch (contact) {
                case Contact.All() -> after.clear();
                case Contact.Address at -> {
                    after.removeIf(bound -> bound.device.contact().matches(at.uri()));
                    if (told.expiresOf(at) > 0) {
                        after.add(bound(at.address(), told.release(), told.expiresOf(at)));
                    }
                }
            }
        }
        set(told.user(), after, told.callId(), told.cseq());
    }

    private Bound bound(NameAddress contact, Optional<ReleaseVersion> release, long seconds) {
        return new Bound(Device.of(contact, release), clock.instant().plusSeconds(seconds));
    }

    private void set(String user, List<Bound> devices, String callId, long cseq) {
        users.remove(user); // the one that was told of last is the youngest
        users.put(user, new Known(devices.stream().limit(MOST_OF_USER).toList(), callId, cseq));
    }
}
