package org.fanfare.pf.fanout;

import org.fanfare.cpm.EndReason;
import org.fanfare.mime.MediaType;
import org.fanfare.msrp.ContentSource;
import org.fanfare.msrp.Continuation;
import org.fanfare.msrp.IncomingChunk;
import org.fanfare.msrp.MsrpFailure;
import org.fanfare.msrp.MsrpReceiver;
import org.fanfare.msrp.MsrpSession;
import org.fanfare.msrp.MsrpStatus;
import org.fanfare.msrp.MsrpUri;
import org.fanfare.msrp.OutgoingContent;
import org.fanfare.msrp.Report;
import org.fanfare.msrp.SendResult;
import org.fanfare.sdp.MessageMedia;
import org.fanfare.sdp.OfferAnswer;
import org.fanfare.sip.HeaderField;
import org.fanfare.sip.SipParser;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.dialog.OutgoingSession;
import org.fanfare.sip.dialog.SessionEnd;
import org.fanfare.sip.dialog.SessionListener;
import org.fanfare.sip.transaction.Timers;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.spool.SpoolAborted;
import org.fanfare.spool.SpoolReader;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import javax.net.ssl.SSLException;

/// One session towards a recipient: INVITE, MSRP connection, content, BYE (8.2.1.1/8.B.d.i to vii,
/// 8.2.1.2/7). What goes wrong in it ends it and disturbs no other.
final class SessionLeg implements SessionListener {

    private static final Logger LOG = LoggerFactory.getLogger(SessionLeg.class);

    private static final String LARGER = "larger than a=max-size of the recipient";

    private static final int TOO_LARGE = 413;
    private static final int UNSUPPORTED = 415;
    private static final int UNAVAILABLE = 480;

    /// Milliseconds.
    private static final long LAST_RESPONSES = 1_000;

    private final SessionCarrier carrier;
    private final Leg leg;
    private final SpoolReader content;

    /// The 2xx; empty when there was none, and the leg knows why.
    private final CompletableFuture<Optional<SipResponse>> answer = new CompletableFuture<>();

    private final MsrpSession media;
    private volatile @Nullable OutgoingSession session;
    private volatile boolean givenUp;
    private volatile boolean byeReceived;
    private volatile boolean contented;
    private volatile int reported;
    private volatile Timers.@Nullable Cancellable watch;
    private volatile boolean settled;
    private volatile boolean expired;
    private volatile boolean tooSlow;
    private volatile boolean tooLarge;
    private boolean more = true;
    private long taken;

    SessionLeg(SessionCarrier carrier, Leg leg) {
        this.carrier = carrier;
        this.leg = leg;
        this.content = carrier.spool().reader();
        this.media = carrier.open(leg, new Reports());
    }

    /// Takes no content. That a chunk was lost behind a relay, a REPORT says (RFC 4975 7.1.2).
    private final class Reports implements MsrpReceiver {

        @Override
        public void onReport(Report report) {
            if (!report.isSuccess()) {
                reported = report.status();
                media.abort("REPORT " + report.status());
            }
        }

        @Override
        public void onChunk(IncomingChunk chunk) {
            chunk.respond(MsrpStatus.STOP_SENDING);
        }

        @Override
        public void onContent(IncomingChunk chunk, ByteBuffer octets) {}

        @Override
        public void onEnd(IncomingChunk chunk, Continuation continuation) {}
    }

    /// Returns when it is over.
    void run(Hop hop, Way way) {
        try (media;
                content) {
            var begun = carrier.sessions().dialogs().invite(invite(way), hop, this);
            begun.localDescription(Descriptions.of(begun.invite(), limits()).toOctets());
            session = begun;
            if (givenUp) {
                giveUp();
            }
            var waiting = carrier.sessions().timers().after(lifeMillis(), this::expire);
            var success = answer.join();
            waiting.cancel();
            if (success.isPresent() && !expired) {
                transfer(success.get());
            }
        } catch (RuntimeException e) {
            LOG.error(
                    "message={} recipient={} a fault of ours",
                    leg.message().id(),
                    leg.recipient(),
                    e);
            end(EndReason.FAILED);
            leg.onRefused(500, "internal error");
        } finally {
            carrier.ended(this);
        }
    }

    private SipRequest invite(Way way) {
        var octets =
                leg.message()
                        .template()
                        .encode(leg.uri(), leg.identity(), way, TransportProtocol.TCP);
        var invite = (SipRequest) SipParser.parse(octets, limits());
        return Descriptions.offering(invite, media.localPath(), limits());
    }

    /// Nobody has answered while anybody wanted the message (W4).
    private void expire() {
        if (!answer.isDone()) {
            expired = true;
            leg.onExpired();
            end(EndReason.FAILED); // CANCEL
        }
    }

    private long lifeMillis() {
        long left = leg.message().deadline() - carrier.sessions().timers().nanoTime();
        return Math.max(left / 1_000_000 + 1, 0);
    }

    private void transfer(SipResponse success) {
        leg.onSession();
        carrier.answered(success);
        MessageMedia ours;
        MessageMedia theirs;
        try {
            ours = MessageMedia.of(Descriptions.of(offer(), limits()), limits());
            theirs = MessageMedia.of(Descriptions.of(success, limits()), limits());
            check(ours, theirs);
            if (!theirs.takes(size(ours))) { // reading 86
                fail(TOO_LARGE, LARGER);
                return;
            }
            connect(ours, theirs);
        } catch (MalformedMessage e) { // B14, B15
            fail(488, "answer: " + e.getMessage());
            return;
        } catch (IOException e) {
            unconnected(e);
            return;
        }
        OutgoingContent message;
        try {
            message = message(theirs);
        } catch (IOException | MalformedMessage e) { // the sender has given up, or it is no CPIM
            fail(480, "content: " + e.getMessage());
            return;
        }
        watch = carrier.sessions().timers().after(watchMillis(), this::watch);
        settle(media.send(message), success); // 8.2.1.1/8.B.d.vi 8.2.1.1/8.B.d.vi.4
    }

    private static void check(MessageMedia ours, MessageMedia theirs) {
        OfferAnswer.checkAnswer(ours, theirs);
        if (!theirs.accepts(MediaType.CPIM.toString())) {
            throw new MalformedMessage("no message/cpim wanted", 0, "RFC 4975 8.6", 488);
        }
    }

    /// Octets of the message that this leg sends: as it is, or as it is announced while it is still
    /// coming; -1 for unknown.
    private long size(MessageMedia ours) {
        var spool = carrier.spool();
        return spool.isAccepted() && !carrier.isMarkedAsSent()
                ? spool.length()
                : ours.announcedSize();
    }

    private void connect(MessageMedia ours, MessageMedia theirs) throws IOException {
        var path = theirs.path().stream().map(MsrpUri::parse).toList();
        if (OfferAnswer.weConnect(ours, theirs)) {
            // 8.2.1.1/8.B.d.ii 8.2.1.1/8.B.d.iii.2 8.2.1.1/8.B.d.iv
            media.connect(path, OfferAnswer.connectTo(ours, theirs));
        } else {
            media.expect(path); // 8.2.1.1/8.B.d.iii.1
            media.awaitBound(carrier.sessions().bindWithin());
        }
    }

    /// A BYE closes the media as well, so what they say then is not what has gone wrong.
    private void unconnected(IOException cause) {
        if (byeReceived) { // reading 67
            end(EndReason.FAILED);
            leg.onHungUp("BYE before the media");
        } else if (cause instanceof MsrpFailure || cause instanceof SSLException) { // P12, P16
            fail(480, "media: " + cause.getMessage());
        } else {
            end(EndReason.FAILED);
            leg.onCut("media: " + cause.getMessage());
        }
    }

    private SipRequest offer() {
        var open = session;
        if (open == null) {
            throw new IllegalStateException("an answer without an INVITE");
        }
        return open.invite();
    }

    private Limits limits() {
        return carrier.sessions().limits();
    }

    /// 8.2.1.1/8.B.d.vi.1 by the path given when connecting; 8.2.1.1/8.B.d.vi.chunk by the limits
    /// of the endpoint. The CPIM entity as it came (8.2.1.1/8.B.d.vi.2.copy, 8.2.1.1/8.B.d.vi.3,
    /// reading 61).
    private OutgoingContent message(MessageMedia theirs) throws IOException {
        var spool = carrier.spool();
        var marked =
                carrier.isMarkedAsSent()
                        ? Optional.of(new SentCopy(content, limits()))
                        : Optional.<SentCopy>empty();
        int added = marked.isPresent() ? marked.get().added() : 0;
        var source = marked.<ContentSource>map(copy -> copy).orElseGet(AsItCame::new);
        return OutgoingContent.of(
                media.newMessageId(),
                MediaType.CPIM.toString(), // 8.2.1.1/8.B.d.vi.2
                spool.isAccepted() ? spool.length() + added : -1,
                theirs.maxSize() < 0 ? source : new AtMost(theirs.maxSize(), source, this::larger));
    }

    /// Found while it is sent: nobody had announced the size.
    private void larger() {
        tooLarge = true;
    }

    /// The octets of the spool.
    private final class AsItCame implements ContentSource {

        @Override
        public int read(ByteBuffer target) throws IOException {
            return content.read(target);
        }

        @Override
        public @Nullable ByteBuffer view(int most) throws IOException {
            return content.view(most);
        }

        @Override
        public boolean mayHoldEndLine() {
            return carrier.spool().mayHoldEndLine();
        }

        @Override
        public void acknowledged() {
            carrier.taken();
        }

        @Override
        public void cancel() {
            content.cancel();
        }
    }

    private void settle(SendResult result, SipResponse success) {
        settled = true;
        var watching = watch;
        if (watching != null) {
            watching.cancel();
        }
        if (result.isComplete() || (contented && isAllTaken())) { // 8.2.1.1/8.B.d.vii
            end(EndReason.COMPLETED); // 8.2.1.1/8.B.d.vii.a 8.2.1.1/8.B.d.vii.b
            leg.onFinal(success); // 8.2.1.1/8.B.d.vii.c
            return;
        }
        end(EndReason.FAILED);
        if (reported > 0) {
            refused(reported, "REPORT ");
        } else if (byeReceived) { // reading 67
            leg.onHungUp("BYE before the end");
        } else if (result.outcome() == SendResult.Outcome.REFUSED) {
            // 8.2.1.1/8.B.d.vii.d.a.msrp
            refused(result.status(), "MSRP ");
        } else if (expired) {
            leg.onExpired();
        } else if (tooLarge) { // reading 86
            leg.onRefused(TOO_LARGE, LARGER);
        } else if (tooSlow) {
            leg.onRefused(480, "the recipient is too slow");
        } else { // also when we have given up ourselves, as a server that stops does

            leg.onCut("MSRP: " + result.reason());
        }
    }

    private void refused(int msrpStatus, String what) {
        leg.onRefused(msrpStatus == UNSUPPORTED ? UNSUPPORTED : UNAVAILABLE, what + msrpStatus);
    }

    private void fail(int status, String reason) {
        end(EndReason.FAILED);
        leg.onRefused(status, reason);
    }

    private void end(List<HeaderField> reason) {
        var open = session;
        if (open != null) {
            open.end(reason);
        }
    }

    /// A recipient that takes hardly anything is given up (P14); one that has all there is only
    /// waits for the sender.
    private void watch() {
        if (settled) {
            return;
        }
        var timers = carrier.sessions().timers();
        if (timers.nanoTime() >= leg.message().deadline()) {
            expired = true;
            media.abort("expired");
            return;
        }
        long now = media.progress().sent(); // what is acknowledged, a single chunk says at its end
        try {
            boolean hadMore = more;
            more = content.available() > 0;
            if (now - taken < carrier.sessions().slowest() && hadMore && more) {
                tooSlow = true;
                media.abort("too slow");
                return;
            }
        } catch (SpoolAborted _) {
            return; // the sending ends by it
        }
        taken = now;
        watch = timers.after(watchMillis(), this::watch);
    }

    private long watchMillis() {
        return Math.min(carrier.sessions().watch().toMillis(), lifeMillis());
    }

    /// For any thread.
    void giveUp() {
        givenUp = true;
        var open = session;
        if (open != null) {
            open.end(EndReason.FAILED); // CANCEL or BYE
        }
        closeMedia();
    }

    private boolean isAllTaken() {
        try {
            return carrier.spool().isAccepted() && content.available() == 0;
        } catch (SpoolAborted _) {
            return false;
        }
    }

    /// Whatever waits in it goes on. It may take until an end line is written.
    private void closeMedia() {
        Thread.ofVirtual().name("close").start(media::close);
    }

    @Override
    public void onAnswered(SipResponse response) {
        // 8.2.1.1/8.B.d.v 8.2.1.2/ack by the dialog layer, for each leg by itself (reading 3)
        answer.complete(Optional.of(response));
    }

    /// Before it is answered: after that its sender may close the connection, which is no fault
    /// then.
    @Override
    public List<HeaderField> onBye(SipRequest bye) {
        contented = EndReason.isCompleted(bye);
        byeReceived = true;
        return List.of();
    }

    @Override
    public void onEnded(SessionEnd end) {
        switch (end) {
            case SessionEnd.Refused(var response) -> leg.onFinal(response);
            case SessionEnd.NoAnswer() -> leg.onNotTaken("no answer");
            case SessionEnd.Unreachable _ -> leg.onNotTaken("next hop not reached");
            case SessionEnd.Cancelled() -> leg.onRefused(487, "given up");
            // 8.2.1.2/bye.2.term by the dialog layer; 8.2.1.2/bye.forward.term: reading 67
            case SessionEnd.ByeReceived _, SessionEnd.Expired _ -> endedByThem();
            case SessionEnd.ByeSent _, SessionEnd.Unacknowledged() -> {}
        }
        answer.complete(Optional.empty()); // if there was none
    }

    private void endedByThem() {
        byeReceived = true;
        if (isAllTaken()) { // its responses may be on their way
            carrier.sessions().timers().after(LAST_RESPONSES, this::closeMedia);
        } else {
            closeMedia();
        }
    }
}
