package org.fanfare.cpm;

import org.fanfare.sip.HeaderField;
import org.fanfare.sip.HeaderName;
import org.fanfare.sip.SipMessage;
import org.fanfare.sip.StatusCode;
import org.fanfare.wire.MalformedMessage;

import java.util.List;

/// What the BYE of a large message says of it (RFC 3326; sections 7.2.1.2 and 8.2.1.2).
public final class EndReason {

    /// All of it has been taken.
    public static final List<HeaderField> COMPLETED =
            List.of(new HeaderField(HeaderName.REASON, "SIP;cause=200;text=\"Call completed\""));

    /// Some of it has not.
    public static final List<HeaderField> FAILED =
            List.of(
                    new HeaderField(
                            HeaderName.REASON, "SIP;cause=480;text=\"Transmission Failed\""));

    private EndReason() {}

    /// Whether the other side says that it has all it wanted; not so where it cannot be understood.
    public static boolean isCompleted(SipMessage bye) {
        try {
            return bye.reasons().stream()
                    .anyMatch(reason ->
                            reason.is("SIP")
                                    && reason.parameters().number("cause").orElse(0)
                                            == StatusCode.OK);
        } catch (MalformedMessage _) {
            return false;
        }
    }
}
