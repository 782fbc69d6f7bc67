package org.fanfare.pf;

import org.fanfare.ledger.PreFailed;
import org.fanfare.pf.fanout.LegTemplate;

import java.util.List;

/// What has passed all checks and is about to be accepted.
///
/// @param recipients Request-URIs, in the order of the list
/// @param invalid those of them that no request can be sent to (reliability L7)
/// @param toMany whether the message was sent to the EXPLODER-URI
/// @param whateverScheme whether the core gets it even if the recipient has no SIP or tel URI
record Outgoing(
        PagerMessage message,
        LegTemplate template,
        List<String> recipients,
        List<PreFailed> invalid,
        boolean toMany,
        boolean whateverScheme) {}
