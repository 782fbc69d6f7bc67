package org.fanfare.cli.conformance;

import org.fanfare.sip.SipRequest;
import org.fanfare.sip.transaction.ServerTransaction;
import org.jspecify.annotations.Nullable;

/// A MESSAGE or INVITE that has come for a recipient.
///
/// @param viaIsf whether it came to the interworking function, or is on its way there
/// @param leg the session that an INVITE begins
record Arrival(ServerTransaction transaction, boolean viaIsf, @Nullable Leg leg) {

    SipRequest request() {
        return transaction.request();
    }

    void answer(int status) {
        if (leg != null && status < 300) {
            leg.accept();
        } else {
            transaction.respond(request().answer(status).build());
        }
    }

    /// Of an INVITE.
    Leg session() throws Mismatch {
        if (leg == null) {
            throw new Mismatch("an INVITE", "a " + request().method());
        }
        return leg;
    }
}
