package org.fanfare.sip.dialog;

import org.fanfare.sip.HeaderField;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;

import java.util.List;
import java.util.Optional;

/// What becomes of a session. Calls come one after the other, in order, on a virtual thread, and
/// may block: what comes later waits, but nothing of other sessions. The last one is [#onEnded],
/// which always comes, once.
public interface SessionListener {

    /// 101 to 199 to our INVITE.
    default void onProvisional(SipResponse response) {}

    /// 2xx to our INVITE. The ACK has been sent, and is sent again when the 2xx comes again.
    default void onAnswered(SipResponse response) {}

    /// The ACK for our 2xx is here.
    default void onAcknowledged(SipRequest ack) {}

    /// The other side ends the session. The 200 goes out when this returns, with the fields it
    /// gives; the other side waits for it 32 s at most.
    default List<HeaderField> onBye(SipRequest bye) {
        return List.of();
    }

    /// The session has been refreshed, by either side (RFC 4028).
    default void onRefreshed() {}

    /// It is over, or never was one.
    default void onEnded(SessionEnd end) {}

    /// A request of ours was answered 401 or 407: the same with credentials and the next CSeq, as
    /// [org.fanfare.sip.digest.DigestClient#answer] makes it, is sent again.
    default Optional<SipRequest> onChallenged(SipRequest request, SipResponse challenge) {
        return Optional.empty();
    }
}
