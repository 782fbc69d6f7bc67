package org.fanfare.client;

import org.fanfare.msrp.MsrpEndpoint;
import org.fanfare.sdp.MessageMedia;
import org.fanfare.sdp.SessionDescription;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.dialog.DialogLayer;
import org.fanfare.sip.dialog.OutgoingSession;
import org.fanfare.sip.dialog.SessionListener;
import org.fanfare.sip.transport.Hop;
import org.fanfare.uri.NameAddress;
import org.fanfare.wire.Limits;

import java.util.List;
import java.util.Optional;

/// What all large messages of one client share on their way out.
final class LargeSending {

    private final LargeMessageMode mode;
    private final LargeMessageSettings settings;
    private final Limits limits;
    private final DialogLayer dialogs;
    private final Exchange exchange;
    private final MsrpEndpoint msrp;
    private final Hop next;
    private final NameAddress contact;

    /// @param next for all requests
    /// @param contact the one that is registered
    LargeSending(
            LargeMessageMode mode,
            LargeMessageSettings settings,
            Limits limits,
            DialogLayer dialogs,
            Exchange exchange,
            MsrpEndpoint msrp,
            Hop next,
            NameAddress contact) {
        this.mode = mode;
        this.settings = settings;
        this.limits = limits;
        this.dialogs = dialogs;
        this.exchange = exchange;
        this.msrp = msrp;
        this.next = next;
        this.contact = contact;
    }

    LargeTransfer begin(Draft draft, TransferListener progress) {
        var backward = new LargeTransfer.Backward();
        var media = msrp.open(settings.tls() != null, backward);
        var path = media.localPath();
        var own = MessageMedia.at(path.secure(), path.hostPort(), List.of(path.toString()));
        var offer = LargeMessageMode.offer(draft, own);
        var composed = mode.compose(draft, contact, offer);
        var transfer = new LargeTransfer(this, composed, offer, media, progress);
        backward.of(transfer);
        transfer.start();
        return transfer;
    }

    OutgoingSession invite(SipRequest invite, SessionListener listener) {
        return dialogs.invite(exchange.withCredentials(invite), next, listener);
    }

    Optional<SipRequest> withCredentials(SipRequest request, SipResponse challenge) {
        return exchange.withCredentials(request, challenge);
    }

    SessionDescription describe(MessageMedia media) {
        return mode.describe(media);
    }

    /// Whether the other side may make a connection over TLS.
    boolean listensForTls() {
        return msrp.listensForTls();
    }

    LargeMessageSettings settings() {
        return settings;
    }

    Limits limits() {
        return limits;
    }

    Hop next() {
        return next;
    }
}
