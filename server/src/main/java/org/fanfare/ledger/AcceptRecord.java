package org.fanfare.ledger;

import java.util.List;
import java.util.Optional;

/// A message about to be accepted, with everything needed to finish it after a crash.
///
/// The lists are not copied: a list of 100,000 recipients exists once.
///
/// @param recipients Request-URI texts in the order of the list; a recipient's index is its place
///   here
/// @param preFailed recipients that no copy can be made for
/// @param known recipients whose legs have ended already; of several for one recipient the first
///   stands
/// @param history what its originator's history is to get; nothing when it is not recorded
public record AcceptRecord(
        MessageHead head,
        List<String> recipients,
        List<PreFailed> preFailed,
        List<KnownOutcome> known,
        Optional<History> history) {

    public AcceptRecord {
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("recipients: expected at least one, got none");
        }
        for (var failed : preFailed) {
            check("preFailed", failed.index(), recipients);
        }
        for (var outcome : known) {
            check("known", outcome.index(), recipients);
        }
    }

    /// No leg has begun.
    public AcceptRecord(MessageHead head, List<String> recipients, List<PreFailed> preFailed) {
        this(head, recipients, preFailed, List.of(), Optional.empty());
    }

    /// It is not recorded.
    public AcceptRecord(
            MessageHead head,
            List<String> recipients,
            List<PreFailed> preFailed,
            List<KnownOutcome> known) {
        this(head, recipients, preFailed, known, Optional.empty());
    }

    private static void check(String name, int index, List<String> recipients) {
        if (index < 0 || index >= recipients.size()) {
            throw new IllegalArgumentException(
                    "%s: index %d is outside of %d recipients"
                            .formatted(name, index, recipients.size()));
        }
    }
}
