package org.fanfare.xdm;

import org.fanfare.wire.Octets;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/// The rules that a user has written down (RFC 4745 with the extensions of OMA XDM): of each rule
/// what decides about the history of his conversations. What rules allow adds up (RFC 4745 10).
record Ruleset(List<Rule> rules) {

    static final String CPM = "CPM";

    /// Of a user who has written nothing.
    static final Ruleset NONE = new Ruleset(List.of());

    Ruleset {
        rules = List.copyOf(rules);
    }

    /// One rule. All its conditions have to hold (RFC 4745 7).
    ///
    /// @param enablers of the services that it is about
    /// @param understood whether there is no condition beside those known here: an unknown one
    ///   never holds (RFC 4745 10.2)
    /// @param validity when it counts; empty when it always does
    /// @param allowsOfflineStorage what its actions say
    record Rule(
            Set<String> enablers,
            boolean understood,
            List<Interval> validity,
            boolean allowsOfflineStorage) {

        Rule {
            enablers = Set.copyOf(enablers);
            validity = List.copyOf(validity);
        }

        private boolean isFor(String enabler, Instant now) {
            return understood
                    && enablers.contains(enabler)
                    && (validity.isEmpty() || validity.stream().anyMatch(i -> i.contains(now)));
        }
    }

    /// From one time until another, that one excluded.
    record Interval(Instant from, Instant until) {

        boolean contains(Instant time) {
            return !time.isBefore(from) && time.isBefore(until);
        }
    }

    /// @throws org.fanfare.wire.MalformedMessage when it is no document of rules
    static Ruleset parse(Octets xml) {
        return new RulesetReader(xml).read();
    }

    /// Whether a rule for CPM allows offline storage now (8.2.1.1/6); none means that there is no
    /// duty to record (8.2.1.1/6.else).
    boolean recordsHistory(Instant now) {
        return rules.stream().anyMatch(rule -> rule.allowsOfflineStorage() && rule.isFor(CPM, now));
    }
}
