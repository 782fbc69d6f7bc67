package org.fanfare.client;

import org.fanfare.mime.MediaType;
import org.fanfare.mime.MimeEntity;
import org.fanfare.mime.Multipart;
import org.fanfare.msrp.MsrpEndpoint;
import org.fanfare.sdp.Direction;
import org.fanfare.sdp.MessageMedia;
import org.fanfare.sdp.OfferAnswer;
import org.fanfare.sdp.Origin;
import org.fanfare.sdp.SessionDescription;
import org.fanfare.sdp.Setup;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.StatusCode;
import org.fanfare.sip.dialog.DialogLayer;
import org.fanfare.sip.transaction.ServerTransaction;
import org.fanfare.sip.transaction.Timers;
import org.fanfare.sip.transport.Hop;
import org.fanfare.uri.NameAddress;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Takes INVITEs that announce a large message, and answers them.
final class LargeReceiving {

    private static final String CPIM = MediaType.CPIM.essence();

    /// What becomes of a message that is complete.
    interface Sink {

        /// Whether its content is of a kind that is taken.
        boolean accepts(MediaType type);

        /// It was answered.
        void onMessage(ReceivedMessage message);
    }

    private final ClientSettings settings;
    private final LargeMessageSettings large;
    private final Manners manners;
    private final Network network;
    private final NameAddress contact;
    private final Sink sink;
    private final AtomicInteger coming = new AtomicInteger();

    /// What is below.
    ///
    /// @param next for requests of ours in a session
    record Network(DialogLayer dialogs, MsrpEndpoint msrp, Hop next, Timers timers) {}

    /// @param contact the one that is registered
    LargeReceiving(
            ClientSettings settings,
            LargeMessageSettings large,
            Manners manners,
            Network network,
            NameAddress contact,
            Sink sink) {
        this.settings = settings;
        this.large = large;
        this.manners = manners;
        this.network = network;
        this.contact = contact;
        this.sink = sink;
    }

    LargeMessageSettings settings() {
        return large;
    }

    Limits limits() {
        return settings.limits();
    }

    boolean accepts(ReceivedMessage message) {
        return message.isNotification() || sink.accepts(message.contentType());
    }

    void handOn(ReceivedMessage message) {
        sink.onMessage(message);
    }

    void after(Duration time, Runnable task) {
        network.timers().after(time, () -> Thread.ofVirtual().name("large-late").start(task));
    }

    /// One message less.
    void ended() {
        coming.decrementAndGet();
    }

    /// Answers 200 and waits for the message, or refuses.
    ///
    /// @return the status that was given; 0 when the caller has given up meanwhile
    int onInvite(ServerTransaction transaction) {
        var request = transaction.request();
        try {
            var offer = checkedOffer(request);
            if (coming.incrementAndGet() <= large.messages()) {
                return take(transaction, offer);
            }
            coming.decrementAndGet();
            return refuse(transaction, answer(request, StatusCode.BUSY_HERE));
        } catch (MalformedMessage malformed) {
            var answer =
                    answer(request, malformed.sipStatus())
                            .header("Warning", warning(malformed.reason()));
            return refuse(transaction, answer);
        }
    }

    private static int refuse(ServerTransaction transaction, SipResponse.Builder answer) {
        var refusal = answer.build();
        transaction.respond(refusal);
        return refusal.status();
    }

    private static String warning(String why) {
        return "399 client \"" + why.replaceAll("[^ -~]|[\"\\\\]", "'") + '"';
    }

    /// The session that is offered, if a message that we take can come of it.
    private MessageMedia checkedOffer(SipRequest request) {
        var description = SessionDescription.parse(description(request), limits());
        var offer = MessageMedia.of(description, limits());
        if (!offer.accepts(CPIM)) {
            throw unacceptable("expected message/cpim among the accept-types");
        }
        if (offer.direction() == Direction.RECVONLY || offer.direction() == Direction.INACTIVE) {
            throw unacceptable("expected a session over which a message comes");
        }
        if (offer.announcedSize() > large.messageOctets()) {
            throw unacceptable(
                    "%d octets are announced, at most %d are taken"
                            .formatted(offer.announcedSize(), large.messageOctets()));
        }
        if (!takesAnyOf(offer.acceptWrappedTypes())) {
            throw unacceptable("no type among the accept-wrapped-types is taken here");
        }
        return offer;
    }

    private boolean takesAnyOf(List<String> types) {
        return types.isEmpty()
                || types.stream()
                        .anyMatch(
                                type -> type.contains("*") || sink.accepts(MediaType.parse(type)));
    }

    /// The body, or that part of it. An INVITE without an offer is not taken: who sends a message
    /// knows what it is.
    private Octets description(SipRequest request) {
        var type =
                request.header("Content-Type").map(MediaType::parse).orElse(LargeMessageMode.SDP);
        if (type.is(LargeMessageMode.SDP) && !request.body().isEmpty()) {
            return request.body();
        }
        if (type.isMultipart()) {
            return Multipart.parse(type, request.body(), limits()).parts().stream()
                    .filter(part -> part.contentType().is(LargeMessageMode.SDP))
                    .map(MimeEntity::body)
                    .findFirst()
                    .orElseThrow(() -> unacceptable("expected an SDP offer, found none"));
        }
        throw unacceptable("expected an SDP offer, found none");
    }

    private static MalformedMessage unacceptable(String why) {
        return new MalformedMessage(why, 0, "RFC 4975 8", StatusCode.NOT_ACCEPTABLE_HERE);
    }

    private int take(ServerTransaction transaction, MessageMedia offer) {
        var request = transaction.request();
        var message = new IncomingLargeMessage(this, manners, request, offer);
        boolean secure = offer.secure() && large.tls() != null;
        var media = network.msrp().open(secure, message.receiver());
        try {
            var path = media.localPath();
            boolean connects = secure && !network.msrp().listensForTls();
            var own =
                    MessageMedia.at(secure, path.hostPort(), List.of(path.toString()))
                            .withSetup(connects || manners.active() ? Setup.ACTIVE : Setup.PASSIVE)
                            .withFileSelector(offer.fileSelector());
            var answer = OfferAnswer.answer(offer, own);
            if (connects && answer.setup() != Setup.ACTIVE) {
                throw unacceptable("expected to make the connection over TLS");
            }
            var session = network.dialogs().incoming(transaction, network.next(), message);
            if (session.isEmpty()) { // the listener has been told, and has counted down
                media.close();
                return 0;
            }
            message.answering(media, session.get(), answer);
            session.get().answer(success(request, answer));
            return StatusCode.OK;
        } catch (MalformedMessage unusable) {
            media.close();
            coming.decrementAndGet();
            throw unusable;
        }
    }

    private SipResponse.Builder success(SipRequest request, MessageMedia media) {
        long now = System.currentTimeMillis();
        var origin = new Origin("-", now, now, media.address().hostWithoutBrackets());
        return answer(request, StatusCode.OK)
                .header("Contact", Contacts.ofLargeMessage(contact, false).toString())
                .body(LargeMessageMode.SDP.toString(), media.describe(origin).toOctets());
    }

    private SipResponse.Builder answer(SipRequest request, int status) {
        return request.answer(status).header("Server", settings.product());
    }
}
