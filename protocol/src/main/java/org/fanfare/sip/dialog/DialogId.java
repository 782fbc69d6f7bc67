package org.fanfare.sip.dialog;

import org.fanfare.sip.SipMessage;

import java.util.Optional;

/// By which both sides know a dialog (RFC 3261 12). A peer that knows nothing of tags has the empty
/// one.
public record DialogId(String callId, String localTag, String remoteTag) {

    /// That of a request or ACK from the other side; empty where To has no tag, which is outside of
    /// any dialog.
    static Optional<DialogId> ofReceived(SipMessage request) {
        return request.to()
                .tag()
                .map(tag -> new DialogId(request.callId(), tag, request.from().tag().orElse("")));
    }
}
