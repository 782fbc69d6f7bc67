package org.fanfare.interworking;

import org.fanfare.cpim.CpimMessage;
import org.fanfare.interworking.ShortMessageService.Answer;
import org.fanfare.mime.MediaType;
import org.fanfare.mime.MimeEntity;
import org.fanfare.msrp.MsrpEndpoint;
import org.fanfare.sdp.MessageMedia;
import org.fanfare.sdp.OfferAnswer;
import org.fanfare.sdp.Origin;
import org.fanfare.sdp.SessionDescription;
import org.fanfare.sdp.Setup;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.dialog.DialogLayer;
import org.fanfare.sip.transaction.ServerTransaction;
import org.fanfare.sip.transaction.Timers;
import org.fanfare.sip.transport.Hop;
import org.fanfare.uri.SipUri;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;

import java.util.List;

/// Large messages that come to interworking: a session each, in which we take text as long as it
/// may become short messages.
///
/// @param back for requests of ours in a session
/// @param contact where those of the other side go
record TextSessions(
        DialogLayer dialogs,
        MsrpEndpoint media,
        Timers timers,
        Limits limits,
        Hop back,
        SipUri contact,
        Sending sending) {

    private static final MediaType SDP = MediaType.of("application", "sdp");
    private static final List<String> CPIM = List.of(MediaType.CPIM.essence());
    private static final List<String> TEXT = List.of(MediaType.TEXT_PLAIN.essence());

    /// What is done with a message that is complete.
    @FunctionalInterface
    interface Sending {
        Answer send(SipRequest request, CpimMessage message) throws InterruptedException;
    }

    /// @throws MalformedMessage with 488 when no text can come of it
    void answer(ServerTransaction transaction) {
        var request = transaction.request();
        var offer = MessageMedia.of(SessionDescription.parse(description(request), limits), limits);
        if (!offer.accepts(CPIM.getFirst()) || !offer.acceptsWrapped(TEXT.getFirst())) {
            throw unacceptable("expected an offer of text/plain in message/cpim");
        }
        var text = new TextSession(this, request, offer);
        var session = media.open(text);
        var path = session.localPath();
        boolean answered = false;
        try {
            var own =
                    MessageMedia.at(false, path.hostPort(), List.of(path.toString()))
                            .withTypes(CPIM, TEXT)
                            .withSetup(Setup.ACTIVE)
                            .withFileSelector(offer.fileSelector());
            var ours = OfferAnswer.answer(offer, own);
            var incoming = dialogs.incoming(transaction, back, text);
            if (incoming.isPresent()) {
                text.begin(session, incoming.get(), ours);
                var origin = new Origin("-", 0, 0, ours.address().hostWithoutBrackets());
                incoming.get()
                        .answer(
                                request.answer(200)
                                        .header("Contact", "<" + contact + ">")
                                        .body(SDP.toString(), ours.describe(origin).toOctets()));
                answered = true;
            }
        } finally {
            if (!answered) {
                session.close();
            }
        }
    }

    private Octets description(SipRequest request) {
        var type = request.header("Content-Type").orElse(SDP.toString());
        return MimeEntity.builder()
                .header("Content-Type", type)
                .body(request.body())
                .build()
                .leaves(limits)
                .stream()
                .filter(part -> part.contentType().is(SDP))
                .findFirst()
                .orElseThrow(() -> unacceptable("no session description"))
                .content(limits);
    }

    private static MalformedMessage unacceptable(String reason) {
        return new MalformedMessage(reason, 0, "RFC 4975 8", 488);
    }
}
