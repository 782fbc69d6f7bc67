package org.fanfare.ledger;

import java.util.List;

/// A message about to be accepted, with everything needed to finish it after a crash.
///
/// The lists are not copied: a list of 100,000 recipients exists once.
///
/// @param recipients Request-URI texts in the order of the list; a recipient's index is its place
///   here
public record AcceptRecord(MessageHead head, List<String> recipients, List<PreFailed> preFailed) {

    public AcceptRecord {
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("recipients: expected at least one, got none");
        }
        for (var failed : preFailed) {
            if (failed.index() < 0 || failed.index() >= recipients.size()) {
                throw new IllegalArgumentException(
                        "preFailed: index %d is outside of %d recipients"
                                .formatted(failed.index(), recipients.size()));
            }
        }
    }
}
