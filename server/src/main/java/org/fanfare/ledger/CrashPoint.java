package org.fanfare.ledger;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicInteger;

/// A named place where tests end the process without warning, as a power cut would.
///
/// `-Dfanfare.crash=NAME` halts at the first visit, `-Dfanfare.crash=NAME:3` at the third. Without
/// the property a visit costs one comparison.
public enum CrashPoint {
    /// Some octets of a large message are in its spool, others not (K8).
    IN_UPLOAD,
    /// All of them are on stable storage, and no record names them yet (K8).
    SPOOL_COMPLETE,
    /// Nothing is written yet (K1).
    BEFORE_ACCEPT,
    /// Written, but the transaction is not committed (K1).
    ACCEPT_WRITTEN_NOT_COMMITTED,
    /// On stable storage, nobody knows yet (K2).
    AFTER_ACCEPT,
    /// Some copies are out, others not (K3).
    BETWEEN_COPIES,
    /// A recipient has answered, its outcome is not noted (K4, K10).
    AFTER_RESPONSE_BEFORE_OUTCOME,
    /// Outcomes are written, but the transaction is not committed (K4).
    OUTCOMES_WRITTEN_NOT_COMMITTED,
    /// Every outcome and the answer are on stable storage, the sender has not got it (K5).
    OUTCOMES_WRITTEN_BEFORE_ANSWER,
    /// A large message is accepted and its legs run, its sender has not got the 200 to the last
    /// chunk (K9).
    BEFORE_LAST_MSRP_200,
    /// The message store has a message, and the ledger does not know (K7).
    STORED_BEFORE_NOTED,
    /// The sender has the answer (K6).
    AFTER_ANSWER,
    /// Ranges are claimed, work on them has not begun (K14).
    IN_RECOVERY,
    /// Some of the ended messages are removed.
    IN_RETENTION,
    /// Noted as submitted to the SMSC, and not submitted yet (K12).
    BEFORE_SUBMISSION,
    /// The SMSC has answered, and that is not noted yet (K12).
    AFTER_SUBMISSION;

    private static final int EXIT_STATUS = 137;

    private static final @Nullable CrashPoint ARMED;
    private static final AtomicInteger VISITS_LEFT;

    static {
        var wanted = System.getProperty("fanfare.crash", "");
        var colon = wanted.indexOf(':');
        var name = colon < 0 ? wanted : wanted.substring(0, colon);
        ARMED = name.isEmpty() ? null : valueOf(name);
        VISITS_LEFT =
                new AtomicInteger(colon < 0 ? 1 : Integer.parseInt(wanted.substring(colon + 1)));
    }

    /// Ends the process if this is the point that is waited for.
    public void visit() {
        if (this == ARMED && VISITS_LEFT.decrementAndGet() == 0) {
            Runtime.getRuntime().halt(EXIT_STATUS);
        }
    }
}
