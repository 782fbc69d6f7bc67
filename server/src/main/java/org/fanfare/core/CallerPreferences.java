package org.fanfare.core;

import org.fanfare.cpm.AcceptContact;
import org.fanfare.cpm.CpmHeader;
import org.fanfare.cpm.FeatureTag;
import org.fanfare.sip.SipRequest;
import org.fanfare.uri.SipUri;
import org.fanfare.wire.Limits;

import java.util.List;
import java.util.Optional;

/// Which of its user's devices a request is for: a GRUU names one (RFC 5627 5.1), and predicates
/// leave some out (RFC 3841 7.2.4). Preferences that only order devices do not matter to a core
/// which forks to all at once.
///
/// @param instance URN that the Request-URI names
/// @param accepted predicates with `require`
/// @param rejected predicates of Reject-Contact
record CallerPreferences(
        Optional<String> instance, List<AcceptContact> accepted, List<AcceptContact> rejected) {

    static CallerPreferences of(SipRequest request, Limits limits) {
        var headers = request.headers();
        return new CallerPreferences(
                request.requestUri() instanceof SipUri uri
                        ? uri.parameters().value("gr")
                        : Optional.empty(),
                AcceptContact.parse(headers.all(CpmHeader.ACCEPT_CONTACT), limits).stream()
                        .filter(AcceptContact::require)
                        .toList(),
                AcceptContact.parse(headers.all("Reject-Contact"), limits));
    }

    boolean admit(Binding binding) {
        var tags = FeatureTag.of(binding.contact().parameters());
        return instance.filter(urn -> !tags.contains(FeatureTag.ofInstance(urn))).isEmpty()
                && accepted.stream().allMatch(predicate -> holds(predicate, tags))
                && rejected.stream().noneMatch(predicate -> isStated(predicate, tags));
    }

    /// With `explicit` what a device does not state is a difference, else only what it states
    /// otherwise.
    private static boolean holds(AcceptContact predicate, List<FeatureTag> device) {
        return predicate.tags().stream()
                .allMatch(wanted -> {
                    var stated = device.stream().filter(tag -> isSame(tag, wanted)).findFirst();
                    return stated.map(tag -> matches(tag, wanted)).orElse(!predicate.explicit());
                });
    }

    private static boolean isStated(AcceptContact predicate, List<FeatureTag> device) {
        return predicate.tags().stream()
                .allMatch(wanted -> device.stream().anyMatch(tag -> matches(tag, wanted)));
    }

    private static boolean isSame(FeatureTag tag, FeatureTag other) {
        return tag.name().equals(other.name());
    }

    private static boolean matches(FeatureTag tag, FeatureTag wanted) {
        if (!isSame(tag, wanted)) {
            return false;
        }
        if (tag.name().equals(FeatureTag.ICSI_REF)) {
            return tag.services().stream().anyMatch(wanted.services()::contains);
        }
        return tag.isInstance()
                ? tag.value().equals(wanted.value())
                : tag.value().equalsIgnoreCase(wanted.value());
    }
}
