package org.fanfare.pf;

import org.fanfare.pf.fanout.SessionCarrier;
import org.fanfare.spool.Spool;

import java.util.function.BooleanSupplier;

/// A sender that does not connect, or sends hardly anything, is given up (reliability P13, P15).
///
/// @param goesOn whether anything is still to come
/// @param giveUp called at most once
record UploadWatch(
        Upload upload,
        Spool spool,
        SessionCarrier.Sessions sessions,
        BooleanSupplier goesOn,
        Runnable giveUp) {

    void begin() {
        lookAgain(0, 0);
    }

    private void lookAgain(long octets, long held) {
        sessions.timers().after(sessions.watch().toMillis(), () -> look(octets, held));
    }

    /// @param octets how much was there at the last look
    /// @param held nanoseconds that we had held it back until then
    private void look(long octets, long held) {
        if (!goesOn.getAsBoolean()) {
            return;
        }
        long now = spool.length();
        long heldNow = upload.held();
        if (now - octets >= least(octets, heldNow - held)) {
            lookAgain(now, heldNow);
        } else {
            giveUp.run();
        }
    }

    /// Octets that must have come since the last look: for the time that was the sender's. At first
    /// it has to connect.
    private long least(long before, long held) {
        long watch = sessions.watch().toNanos();
        long most = before == 0 ? 1 : sessions.slowestSender();
        return most * Math.max(watch - held, 0) / watch;
    }
}
