package org.fanfare.server;

import org.fanfare.cpm.ReleaseVersion;
import org.fanfare.interworking.InterworkingSelection;
import org.fanfare.pf.DirectDeliveryWay;
import org.fanfare.pf.Originators;
import org.fanfare.pf.Policy;
import org.fanfare.sip.transport.Hop;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The section `policy` in the words of the Participating Function.
final class PolicySettings {

    private PolicySettings() {}

    static Policy of(Configuration configuration) {
        var policy = configuration.policy();
        var limits = configuration.limits().server();
        var minimum = policy.userAgent().minimum();
        var perHour = limits.recipientsPerHour();
        var perDay = limits.interworkedPerDay();
        return Policy.DEFAULT.with(p ->
                p.originators(originators(policy.originators().allow()))
                        .minimumRelease(minimum == null ? null : ReleaseVersion.parse(minimum))
                        .anonymity(policy.anonymity().allowed())
                        .anonymityToMany(originators(policy.anonymity().toMany()))
                        .maxRecipients(policy.maxRecipients())
                        .pagerLimit(policy.pagerLimit())
                        .answer(answer(policy.answer()))
                        .collectingTime(policy.collectingTime())
                        .expired(expired(policy.expired()))
                        .messageLife(policy.messageLife())
                        .foreignService(foreign(policy.foreignAssertedService()))
                        .checkCpimFrom(policy.checkCpimFrom())
                        .negativeDelivery(policy.negativeDeliveryImdn())
                        .imdnRecordRoute(policy.imdnRecordRoute())
                        .imdnCollectingTime(policy.imdnCollectingTime())
                        .rewriteCpimTo(policy.rewriteCpimTo())
                        .msrpInteroperability(policy.msrpInteroperability())
                        .copiesAsSingle(policy.copiesAsSingle())
                        .recording(recording(policy.record()))
                        .openMessages(limits.openMessagesPerOriginator())
                        .recipientsPerHour(perHour == null ? 0 : perHour)
                        .interworkedPerDay(perDay == null ? 0 : perDay));
    }

    private static Originators originators(List<String> patterns) {
        return Originators.matching(patterns);
    }

    private static Policy.Answer answer(Configuration.Answer answer) {
        return switch (answer) {
            case AGGREGATE -> Policy.Answer.AGGREGATE;
            case ACCEPT_AT_ONCE -> Policy.Answer.ACCEPT_AT_ONCE;
        };
    }

    private static Policy.Recording recording(Configuration.Recording recording) {
        return switch (recording) {
            case PREFERENCE -> Policy.Recording.PREFERENCE;
            case ALWAYS -> Policy.Recording.ALWAYS;
            case NEVER -> Policy.Recording.NEVER;
        };
    }

    private static Policy.Expired expired(Configuration.Expired expired) {
        return switch (expired) {
            case REJECT -> Policy.Expired.REJECT;
            case DROP -> Policy.Expired.DROP;
        };
    }

    private static Policy.ForeignService foreign(Configuration.ForeignAssertedService foreign) {
        return switch (foreign) {
            case REJECT -> Policy.ForeignService.REJECT;
            case ACCEPT -> Policy.ForeignService.ACCEPT;
        };
    }

    static DirectDeliveryWay directDelivery(Configuration configuration) {
        return switch (configuration.policy().directDelivery()) {
            case OFF -> DirectDeliveryWay.OFF;
            case DEVICES -> DirectDeliveryWay.DEVICES;
            case CORE -> DirectDeliveryWay.CORE;
        };
    }

    /// @param ours the interworking function of our own, if there is one
    static InterworkingSelection interworking(
            Configuration.Interworking interworking, Optional<InterworkingSelection.Isf> ours) {
        var isf = interworking.isf();
        Set<Integer> codes = new HashSet<>(interworking.on());
        if (isf == null) {
            return new InterworkingSelection(ours, codes);
        }
        var direct =
                switch (interworking.path()) {
                    case DIRECT -> Optional.of(Hop.parse(isf.toString()));
                    case CORE -> Optional.<Hop>empty();
                };
        return new InterworkingSelection(
                Optional.of(new InterworkingSelection.Isf(isf, direct, interworking.repeat())),
                codes);
    }
}
