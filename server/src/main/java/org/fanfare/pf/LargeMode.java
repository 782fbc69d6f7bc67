package org.fanfare.pf;

import org.fanfare.cpim.CpimMessage;
import org.fanfare.ledger.SpoolReference;
import org.fanfare.pf.fanout.FanOut;
import org.fanfare.pf.fanout.SessionCarrier;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.transport.Hop;
import org.fanfare.spool.Spool;
import org.fanfare.spool.SpoolStore;
import org.fanfare.wire.Octets;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;

/// What Large Message Mode needs besides what Pager Mode has.
///
/// @param legs sends the sessions of all large messages; apart from those of Pager Mode, which are
///   over in no time
/// @param core where requests to senders go
/// @param largest octets of a message
/// @param guard how long the first recipient may take to answer (reading 3)
/// @param hold how long the 200 to the last chunk waits for the first recipient (reading 3)
public record LargeMode(
        SessionCarrier.Sessions sessions,
        SpoolStore spools,
        FanOut legs,
        Hop core,
        String contact,
        Duration interval,
        long largest,
        Duration guard,
        Duration hold) {

    /// More than CPIM headers may have.
    private static final int HEADERS = 64 << 10;

    /// One for each message, or range of one.
    SessionCarrier carrier(Spool spool, Consumer<SipResponse> onAnswered) {
        return new SessionCarrier(sessions, spool, onAnswered);
    }

    /// For other devices of the sender.
    SessionCarrier carrierOfSent(Spool spool) {
        return new SessionCarrier(sessions, spool, _ -> {}).marksAsSent();
    }

    /// Content that came with a MESSAGE, on stable storage (8.2.1.1/8.B).
    Spool spooled(Octets content, String originator) throws IOException {
        var spool = spools.create(originator);
        try {
            spool.append(content);
            spool.complete();
            return spool;
        } catch (IOException e) {
            spool.close();
            throw e;
        }
    }

    Spool reopened(SpoolReference reference) throws IOException {
        return spools.reopen(reference);
    }

    /// What stands at the beginning of a content that is complete.
    CpimMessage headers(Spool spool) throws IOException {
        var target = ByteBuffer.allocate((int) Math.min(HEADERS, spool.length()));
        try (var reader = spool.reader()) {
            while (target.hasRemaining() && reader.available() > 0) {
                reader.read(target);
            }
        }
        if (target.hasRemaining()) {
            // The last octet is not to be had before the message is accepted. It ends the headers
            // of a message without any content, and is of no interest else.
            target.put((byte) '\n');
        }
        return CpimMessage.parse(
                Octets.of(target.array(), 0, target.position()), sessions.limits());
    }
}
