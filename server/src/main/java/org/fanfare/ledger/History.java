package org.fanfare.ledger;

import org.fanfare.wire.Octets;

import java.time.Instant;

/// What of a message goes into its originator's history in the message store, and is remembered
/// until it is there (8.2.1.1/9.i.a); see [Ledger#recorded].
///
/// @param object in the form of whoever stores it; without the content of a message that has a
///   spool
/// @param until when it is given up; content is kept no longer for it
public record History(Octets object, Instant until) {}
