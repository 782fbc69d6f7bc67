package org.fanfare.pf;

import org.fanfare.sip.Contact;
import org.fanfare.sip.SipRequest;
import org.fanfare.uri.HostPort;
import org.fanfare.uri.Uri;
import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The device that a message has come from, so that no copy goes back to it: known by the GRUU or
/// the instance in Contact, or else by the address in Contact or in the last Via (references n.2).
///
/// @param uri of Contact; null when there was none, as RFC 3428 has it
/// @param instance its URN, or empty
/// @param addresses where it may be
record SendingDevice(@Nullable Uri uri, String instance, Set<String> addresses) {

    private static final int SIP_PORT = 5060;

    static SendingDevice of(SipRequest request) {
        Uri uri = null;
        var instance = "";
        var addresses = new HashSet<String>();
        for (var contact : request.contacts()) {
            if (contact instanceof Contact.Address at) {
                uri = at.uri();
                instance = Device.instance(at.address());
                Device.of(at.address(), java.util.Optional.empty())
                        .address()
                        .ifPresent(addresses::add);
            }
        }
        var via = request.vias().getLast();
        addresses.add(address(via.sentBy(), via.port()));
        via.received()
                .ifPresent(host ->
                        addresses.add(
                                address(
                                        HostPort.of(bracketed(host)),
                                        via.rport().orElse(via.port()))));
        return new SendingDevice(uri, instance, addresses);
    }

    private static String bracketed(String host) {
        return host.indexOf(':') < 0 ? host : "[" + host + "]";
    }

    private static String address(HostPort host, int port) {
        return host.canonicalHost() + ":" + (port > 0 ? port : SIP_PORT);
    }

    /// All but this one; none at all when it cannot be told which one this is.
    List<Device> othersOf(List<Device> registered) {
        long same = registered.stream().filter(this::is).count();
        boolean known = same == 1 || !instance.isEmpty();
        return known ? registered.stream().filter(device -> !is(device)).toList() : List.of();
    }

    /// Its URN, as it says itself or has registered; empty when neither is known.
    String instanceAmong(List<Device> registered) {
        if (!instance.isEmpty()) {
            return instance;
        }
        var same = registered.stream().filter(this::is).toList();
        return same.size() == 1 ? same.getFirst().instance() : "";
    }

    boolean is(Device device) {
        var gruu = device.gruu();
        if (gruu.isPresent() && uri != null && isGruu(uri)) {
            return gruu.get().canonical().equals(uri.canonical());
        }
        if (!instance.isEmpty() && !device.instance().isEmpty()) {
            return instance.equals(device.instance());
        }
        return device.address().filter(addresses::contains).isPresent();
    }

    private static boolean isGruu(Uri uri) {
        return uri.canonical().contains(";gr");
    }
}
