package org.fanfare.ledger;

/// A recipient that failed before any copy was sent, for instance a list entry that is not a valid
/// URI.
///
/// @param index place in the list of recipients
public record PreFailed(int index, String reason) {}
