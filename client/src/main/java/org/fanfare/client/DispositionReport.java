package org.fanfare.client;

import org.fanfare.uri.Uri;

/// A report moved the state of a message at one recipient forward.
///
/// @param imdnMessageId the message that it is about
/// @param reporter the recipient: who sent the report, or whom the network reported on
public record DispositionReport(
        String imdnMessageId, Uri reporter, Disposition before, Disposition now) {}
