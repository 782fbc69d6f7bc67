package org.fanfare.interworking;

import org.fanfare.cpim.CpimMessage;
import org.fanfare.mime.MediaType;
import org.fanfare.msrp.Continuation;
import org.fanfare.msrp.IncomingChunk;
import org.fanfare.msrp.MsrpReceiver;
import org.fanfare.msrp.MsrpSession;
import org.fanfare.msrp.MsrpStatus;
import org.fanfare.msrp.MsrpUri;
import org.fanfare.sdp.MessageMedia;
import org.fanfare.sdp.OfferAnswer;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.dialog.IncomingSession;
import org.fanfare.sip.dialog.SessionEnd;
import org.fanfare.sip.dialog.SessionListener;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/// One large message that comes to interworking. Its last chunk is answered when the SMSC has it:
/// 200, or a refusal that is final; when it may go later, the connection ends without an answer,
/// and the leg comes again.
final class TextSession implements MsrpReceiver, SessionListener {

    private static final Logger LOG = LoggerFactory.getLogger(TextSession.class);

    /// More than 255 short messages can hold, with its CPIM headers.
    private static final int MOST_OCTETS = 256 << 10;

    /// From the answer to the end of the message.
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final TextSessions sessions;
    private final SipRequest invite;
    private final MessageMedia offer;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private @Nullable MsrpSession media;
    private @Nullable IncomingSession session;
    private @Nullable MessageMedia answer;

    TextSession(TextSessions sessions, SipRequest invite, MessageMedia offer) {
        this.sessions = sessions;
        this.invite = invite;
        this.offer = offer;
    }

    /// To be called before the answer goes out.
    synchronized void begin(MsrpSession ours, IncomingSession dialog, MessageMedia answered) {
        media = ours;
        session = dialog;
        answer = answered;
        sessions.timers().after(LONGEST, () -> Thread.ofVirtual().start(this::giveUp));
    }

    @Override
    public void onAcknowledged(SipRequest ack) {
        MsrpSession ours;
        MessageMedia answered;
        synchronized (this) {
            ours = media;
            answered = answer;
        }
        if (ours == null || answered == null) {
            return;
        }
        try {
            var path = offer.path().stream().map(MsrpUri::parse).toList();
            ours.connect(path, OfferAnswer.connectTo(answered, offer));
        } catch (IOException | MalformedMessage e) {
            LOG.info("event=interworking-media reason=\"{}\"", e.getMessage());
            giveUp();
        }
    }

    @Override
    public void onEnded(SessionEnd end) {
        MsrpSession ours;
        synchronized (this) {
            ours = media;
            session = null;
        }
        if (ours != null) {
            ours.close();
        }
    }

    private void giveUp() {
        IncomingSession dialog;
        MsrpSession ours;
        synchronized (this) {
            dialog = session;
            ours = media;
        }
        if (ours != null) {
            ours.abort("given up");
        }
        if (dialog != null) {
            dialog.end(List.of());
        }
    }

    // ---- MSRP

    @Override
    public void onChunk(IncomingChunk chunk) {
        if (!chunk.contentType().filter(TextSession::isCpim).isPresent()) {
            chunk.respond(MsrpStatus.UNSUPPORTED_MEDIA_TYPE);
        }
    }

    private static boolean isCpim(String type) {
        try {
            return MediaType.parse(type).is(MediaType.CPIM);
        } catch (MalformedMessage _) {
            return false;
        }
    }

    @Override
    public void onContent(IncomingChunk chunk, ByteBuffer octets) {
        if (content.size() + octets.remaining() > MOST_OCTETS) {
            chunk.respond(MsrpStatus.STOP_SENDING);
        } else {
            content.writeBytes(Octets.copyOf(octets).toByteArray());
        }
    }

    @Override
    public void onEnd(IncomingChunk chunk, Continuation continuation) {
        switch (continuation) {
            case MORE -> chunk.respond(MsrpStatus.OK);
            case ABORTED -> giveUp();
            case COMPLETE -> Thread.ofVirtual().name("interworking").start(() -> finish(chunk));
        }
    }

    private void finish(IncomingChunk chunk) {
        if (chunk.isAnswered()) {
            return;
        }
        try {
            var message = CpimMessage.parse(Octets.of(content.toByteArray()), sessions.limits());
            var answer = sessions.sending().send(invite, message);
            switch (answer.status()) {
                case 202 -> chunk.respond(MsrpStatus.OK);
                case 503 -> giveUp();
                default -> {
                    LOG.info("event=interworking-refused reason=\"{}\"", answer.reason());
                    chunk.respond(MsrpStatus.STOP_SENDING);
                }
            }
        } catch (MalformedMessage e) {
            chunk.respond(
                    e.sipStatus() == 415
                            ? MsrpStatus.UNSUPPORTED_MEDIA_TYPE
                            : MsrpStatus.BAD_REQUEST);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
