package org.fanfare.ledger;

/// One recipient as status queries see it.
///
/// @param reported a negative report for it has been sent
public record RecipientRow(int index, String uri, Outcome outcome, boolean reported) {}
