package org.fanfare.ledger;

import java.util.Set;

/// One recipient as status queries see it.
///
/// @param reported a negative report for it has been sent
/// @param dispositions what it has reported itself
public record RecipientRow(
        int index, String uri, Outcome outcome, boolean reported, Set<Disposition> dispositions) {

    RecipientRow(int index, String uri, Outcome outcome, boolean reported) {
        this(index, uri, outcome, reported, Set.of());
    }
}
