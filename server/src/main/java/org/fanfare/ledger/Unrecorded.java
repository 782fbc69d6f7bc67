package org.fanfare.ledger;

/// A message that is still to be recorded, which is this node's to do.
public record Unrecorded(MessageRef message, MessageHead head, History history) {}
