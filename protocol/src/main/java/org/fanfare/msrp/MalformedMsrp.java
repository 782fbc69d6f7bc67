package org.fanfare.msrp;

import org.fanfare.wire.MalformedMessage;

/// Octets of a stream that are no MSRP. Where the next message begins is not known, so the
/// connection has to be closed. Faults that leave the frame intact are plain [MalformedMessage]s
/// and answered with 400.
public final class MalformedMsrp extends MalformedMessage {

    /// @param offset from the start of the message
    MalformedMsrp(String reason, int offset, String section) {
        super(reason, offset, section);
    }
}
