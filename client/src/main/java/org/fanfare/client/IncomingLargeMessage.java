package org.fanfare.client;

import org.fanfare.cpm.EndReason;
import org.fanfare.mime.MediaType;
import org.fanfare.msrp.Continuation;
import org.fanfare.msrp.IncomingChunk;
import org.fanfare.msrp.MsrpReceiver;
import org.fanfare.msrp.MsrpSession;
import org.fanfare.msrp.MsrpStatus;
import org.fanfare.msrp.MsrpUri;
import org.fanfare.sdp.MessageMedia;
import org.fanfare.sdp.OfferAnswer;
import org.fanfare.sdp.Setup;
import org.fanfare.sip.HeaderField;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.dialog.IncomingSession;
import org.fanfare.sip.dialog.SessionEnd;
import org.fanfare.sip.dialog.SessionListener;
import org.fanfare.wire.MalformedMessage;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/// One large message that comes, from the answer to its INVITE until it is complete or lost. Its
/// last chunk is answered 200 when the message is whole and can be read; only then anybody sees it.
final class IncomingLargeMessage implements MsrpReceiver, SessionListener {

    /// From the end of the message to the BYE of the sender; over it, it is ours.
    private static final Duration GOODBYE = Duration.ofSeconds(32);

    private final LargeReceiving receiving;
    private final Manners manners;
    private final SipRequest invite;
    private final MessageMedia offer;
    private final BufferedContent content;
    private final MsrpReceiver receiver;

    // Guarded by this.
    private @Nullable MsrpSession media;
    private @Nullable IncomingSession session;
    private @Nullable MessageMedia answer;
    private @Nullable String messageId;
    private boolean over;
    private boolean givenUp;
    private boolean complete;

    IncomingLargeMessage(
            LargeReceiving receiving, Manners manners, SipRequest invite, MessageMedia offer) {
        this.receiving = receiving;
        this.manners = manners;
        this.invite = invite;
        this.offer = offer;
        content =
                new BufferedContent(
                        receiving.settings().memoryOctets(), receiving.settings().folder());
        receiver = manners.around(this);
    }

    /// Who gets what comes over MSRP.
    MsrpReceiver receiver() {
        return receiver;
    }

    /// To be called before the answer goes out.
    synchronized void answering(
            MsrpSession ownMedia, IncomingSession ownSession, MessageMedia ownAnswer) {
        media = ownMedia;
        session = ownSession;
        answer = ownAnswer;
        if (!isActive()) {
            ownMedia.expect(path());
        }
        receiving.after(receiving.settings().begunWithin(), this::endUnlessBegun);
    }

    private List<MsrpUri> path() {
        return offer.path().stream().map(MsrpUri::parse).toList();
    }

    private synchronized boolean isActive() {
        return answer != null && answer.setup() == Setup.ACTIVE;
    }

    private void endUnlessBegun() {
        if (!isBegun()) {
            giveUp();
        }
    }

    private synchronized boolean isBegun() {
        return messageId != null;
    }

    // ---- SIP

    /// The one who is active connects when the other side knows the answer (reading 57).
    @Override
    public void onAcknowledged(SipRequest ack) {
        if (isActive()) {
            Thread.ofVirtual().name("large-connect").start(this::connect);
        }
    }

    private void connect() {
        MsrpSession ownMedia;
        MessageMedia ours;
        synchronized (this) {
            ownMedia = media;
            ours = answer;
        }
        if (ownMedia == null || ours == null) {
            return;
        }
        try {
            if (manners.connects()) {
                ownMedia.connect(path(), OfferAnswer.connectTo(ours, offer));
            }
        } catch (IOException e) {
            giveUp();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void onEnded(SessionEnd end) {
        synchronized (this) {
            over = true;
        }
        closeMedia();
        if (!isComplete()) {
            content.discard();
        }
        receiving.ended();
    }

    /// Ends the session from our side, if it is not over.
    private void end(List<HeaderField> reason) {
        IncomingSession ours;
        synchronized (this) {
            ours = over ? null : session;
        }
        if (ours != null) {
            ours.end(reason);
        }
    }

    /// The same without the message, which nobody sees even if the rest of it comes meanwhile.
    void giveUp() {
        synchronized (this) {
            if (complete) {
                return;
            }
            givenUp = true;
        }
        end(EndReason.FAILED);
    }

    void closeMedia() {
        MsrpSession ours;
        synchronized (this) {
            ours = media;
        }
        if (ours != null) {
            ours.close();
        }
    }

    private synchronized boolean isComplete() {
        return complete;
    }

    // ---- MSRP

    /// One session brings one message; a second one, and what is not in a CPIM wrapper, is not
    /// taken.
    @Override
    public void onChunk(IncomingChunk chunk) {
        if (!chunk.contentType().filter(IncomingLargeMessage::isCpim).isPresent()) {
            chunk.respond(MsrpStatus.UNSUPPORTED_MEDIA_TYPE);
        } else if (!isOurs(chunk.messageId())) {
            chunk.respond(MsrpStatus.STOP_SENDING);
        }
    }

    private static boolean isCpim(String type) {
        try {
            return MediaType.parse(type).is(MediaType.CPIM);
        } catch (MalformedMessage unusable) {
            return false;
        }
    }

    private synchronized boolean isOurs(String id) {
        if (messageId == null) {
            messageId = id;
        }
        return messageId.equals(id) && !complete;
    }

    @Override
    public void onContent(IncomingChunk chunk, ByteBuffer octets) {
        try {
            content.append(octets);
        } catch (IOException e) {
            chunk.respond(MsrpStatus.STOP_SENDING);
        }
    }

    @Override
    public void onEnd(IncomingChunk chunk, Continuation continuation) {
        switch (continuation) {
            case MORE -> chunk.respond(MsrpStatus.OK);
            case ABORTED -> onLost(chunk.messageId(), "given up by the sender");
            case COMPLETE -> finish(chunk);
        }
    }

    private void finish(IncomingChunk chunk) {
        ReceivedMessage message;
        try {
            content.complete();
            message = ReceivedMessage.ofLarge(invite, content, receiving.limits());
        } catch (MalformedMessage malformed) {
            chunk.respond(MsrpStatus.BAD_REQUEST);
            return;
        } catch (IOException e) {
            chunk.respond(MsrpStatus.STOP_SENDING);
            return;
        }
        if (!receiving.accepts(message)) {
            chunk.respond(MsrpStatus.UNSUPPORTED_MEDIA_TYPE);
            return;
        }
        if (!completed()) {
            chunk.respond(MsrpStatus.STOP_SENDING);
            return;
        }
        chunk.respond(MsrpStatus.OK);
        receiving.after(GOODBYE, () -> end(EndReason.COMPLETED));
        Thread.ofVirtual().name("large-received").start(() -> handOn(message));
    }

    private synchronized boolean completed() {
        complete = !givenUp;
        return complete;
    }

    private void handOn(ReceivedMessage message) {
        try {
            receiving.handOn(message);
        } finally {
            content.discard();
        }
    }

    @Override
    public void onLost(String id, String reason) {
        content.discard();
    }

    /// The session ends with its connection, whether the sender says so or not.
    @Override
    public void onClosed(String reason) {
        giveUp();
    }
}
