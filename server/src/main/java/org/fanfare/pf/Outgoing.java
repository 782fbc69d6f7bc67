package org.fanfare.pf;

import org.fanfare.ledger.PreFailed;
import org.fanfare.pf.fanout.LegTemplate;
import org.fanfare.wire.Octets;

import java.util.List;
import java.util.Optional;

/// What has passed all checks and is about to be accepted.
///
/// @param recipients Request-URIs, in the order of the list
/// @param invalid those of them that no request can be sent to (reliability L7)
/// @param toMany whether the message was sent to the EXPLODER-URI
/// @param large the message/cpim entity of one that came by MESSAGE and goes on by Large Message
///   Mode (8.2.1.1/8.B)
/// @param whateverScheme whether the core gets it even if the recipient has no SIP or tel URI
record Outgoing(
        StandaloneMessage message,
        LegTemplate template,
        List<String> recipients,
        List<PreFailed> invalid,
        boolean toMany,
        boolean whateverScheme,
        Optional<Octets> large) {

    /// With what was found out about the message since.
    Outgoing withMessage(StandaloneMessage value) {
        return new Outgoing(value, template, recipients, invalid, toMany, whateverScheme, large);
    }
}
