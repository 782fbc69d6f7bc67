package org.fanfare.pf;

import org.fanfare.cpm.CpmHeader;
import org.fanfare.cpm.EndReason;
import org.fanfare.msrp.IncomingChunk;
import org.fanfare.msrp.MsrpSession;
import org.fanfare.msrp.MsrpStatus;
import org.fanfare.msrp.MsrpUri;
import org.fanfare.pf.fanout.Distribution;
import org.fanfare.pf.fanout.SessionCarrier;
import org.fanfare.sdp.MessageMedia;
import org.fanfare.sip.HeaderField;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.dialog.IncomingSession;
import org.fanfare.sip.dialog.SessionEnd;
import org.fanfare.sip.dialog.SessionListener;
import org.fanfare.sip.transaction.ServerTransaction;
import org.fanfare.sip.transaction.Timers;
import org.fanfare.spool.Spool;
import org.fanfare.uri.HostPort;
import org.fanfare.wire.MalformedMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A large message from INVITE to BYE, on the side of its sender (8.2.1.2, reading 3): a session of
/// ours takes the content, and legs follow it as it comes. The 200 to the INVITE waits for the
/// first leg that is answered; the 200 to the last chunk until the message is accepted, and for the
/// first leg that has it all.
final class LargeSession implements SessionListener, Upload.Owner {

    private static final Logger LOG = LoggerFactory.getLogger(LargeSession.class);

    /// Time for the sender to read that it is over, and to say BYE itself.
    private static final Duration PARTING = Duration.ofSeconds(2);

    /// For whoever tries again while the first attempt is neither lost nor done.
    private static final Duration COME_BACK = Duration.ofSeconds(30);

    private static final int ACCEPTED = 202;

    /// What all of them share.
    record Surroundings(
            LargeMode large,
            Dispatch dispatch,
            Checks checks,
            Attempts attempts,
            Refusals refusals) {}

    private final Surroundings surroundings;
    private final LargeMode large;
    private final Dispatch dispatch;
    private final Outgoing outgoing;
    private final MessageMedia offer;
    private final Spool spool;
    private final SessionCarrier carrier;
    private final Progress progress;
    private final Sending sending;
    private final Distribution distribution;
    private final Upload upload;
    private final MsrpSession media;

    // Guarded by this.
    private @Nullable IncomingSession session;
    private @Nullable HostPort connectTo;
    private Timers.@Nullable Cancellable guard;
    private boolean turn;
    private boolean begun;
    private boolean sentBefore;
    private boolean answered;
    private boolean lastAnswered;
    private boolean complete;
    private boolean ended;
    private Dispatch.@Nullable Accepted accepted;
    private String earlierUid = "";
    private boolean over;

    LargeSession(Surroundings surroundings, Outgoing outgoing, MessageMedia offer) {
        this.surroundings = surroundings;
        this.large = surroundings.large;
        this.dispatch = surroundings.dispatch;
        this.outgoing = outgoing;
        this.offer = offer;
        var originator = outgoing.message().originator().key();
        spool = large.spools().create(originator);
        carrier =
                dispatch.deliversDirectly(
                        large.carrier(spool, this::onLegAnswered), outgoing, spool);
        progress = new Progress(outgoing.recipients().size());
        sending = dispatch.sending(progress, this::onAllEnded);
        distribution = dispatch.distribution(outgoing, this, sending).by(carrier);
        upload = new Upload(spool, offer.announcedSize(), this);
        media = large.sessions().media().open(offer.secure(), upload);
    }

    /// Takes the INVITE as a session, and calls the recipients when no other attempt at the same
    /// message is under way.
    void begin(ServerTransaction invite) {
        turn = surroundings.attempts.enter(outgoing.message(), this);
        var taken = incoming(invite);
        if (taken.isEmpty()) {
            return; // answered already; onEnded tells
        }
        synchronized (this) {
            session = taken.get();
            startGuard();
        }
        media.expect(offer.path().stream().map(MsrpUri::parse).toList());
        proceed();
    }

    /// The attempt before this one has been accepted, or has come to nothing.
    void onTurn() {
        synchronized (this) {
            turn = true;
        }
        proceed();
    }

    private void proceed() {
        synchronized (this) {
            if (begun || !turn || over || session == null) {
                return;
            }
            begun = true;
            startGuard();
        }
        try {
            if (isSentBefore()) {
                answer(Optional.empty());
            } else {
                callRecipients();
            }
        } catch (Refusal e) {
            refuse(e);
        }
    }

    /// Then it is taken, and only its content will tell whether it is to go anywhere (reading 77).
    private boolean isSentBefore() throws Refusal {
        boolean known = dispatch.isSentBefore(outgoing.message());
        synchronized (this) {
            sentBefore = known;
        }
        return known;
    }

    private void callRecipients() {
        large.legs().start(distribution);
        Dispatch.neverSent(outgoing, sending);
    }

    /// The INVITE has no answer yet.
    private void startGuard() {
        stopGuard();
        if (!over) {
            guard = large.sessions().timers().after(large.guard().toMillis(), this::onGuard);
        }
    }

    private Optional<IncomingSession> incoming(ServerTransaction invite) {
        try {
            return large.sessions().dialogs().incoming(invite, large.core(), this);
        } catch (MalformedMessage e) {
            discard("no session can be made of it");
            media.close();
            throw e;
        }
    }

    // ---- before the content

    /// The first 2xx of a leg is that of the sender (8.2.1.2/200.1).
    private void onLegAnswered(SipResponse response) {
        answer(Optional.of(response));
    }

    private void answer(Optional<SipResponse> leg) {
        InviteAnswer answer;
        IncomingSession mine;
        synchronized (this) {
            if (answered || over || session == null) {
                return;
            }
            answered = true;
            answer = new InviteAnswer(large, offer, media.localPath(), outgoing.toMany(), leg);
            connectTo = answer.connectTo().orElse(null);
            stopGuard();
            mine = session;
        }
        mine.answer(answer.to(mine.invite()), answer.interval()); // 8.2.1.2/200.6
        // 8.2.1.2/200.6.listen: the endpoint listens, and knows the path
        new UploadWatch(upload, spool, large.sessions(), this::isComing, this::onTooLittle).begin();
    }

    private synchronized boolean isComing() {
        return !over && !complete;
    }

    private void onTooLittle() {
        giveUp("too little comes from the sender");
        end(EndReason.FAILED);
    }

    /// The sender knows our path now, and waits for a connection where it is the passive side.
    @Override
    public void onAcknowledged(SipRequest ack) {
        HostPort address;
        synchronized (this) {
            address = connectTo;
        }
        if (address != null) {
            Thread.ofVirtual().name("connect").start(() -> connect(address));
        }
    }

    private void connect(HostPort address) {
        try {
            media.connect(offer.path().stream().map(MsrpUri::parse).toList(), address);
        } catch (IOException e) {
            giveUp("media: " + e.getMessage());
            end(EndReason.FAILED);
        }
    }

    private void onGuard() {
        boolean waits;
        synchronized (this) {
            if (answered || over || session == null) {
                return;
            }
            waits = !begun;
        }
        refuse(
                waits
                        ? new Refusal(480, "Another attempt is under way").retryAfter(COME_BACK)
                        : new Refusal(480, "No recipient has answered"));
    }

    private void refuse(Refusal refusal) {
        refuse(refusal.warning(), refusal);
    }

    /// Nobody gets it.
    private void refuse(String reason, Refusal refusal) {
        IncomingSession mine;
        synchronized (this) {
            mine = session;
        }
        giveUp(reason);
        if (mine != null) {
            mine.refuse(surroundings.refusals.answer(mine.invite(), refusal));
        }
    }

    // ---- the content

    @Override
    public void onComplete(IncomingChunk last) {
        synchronized (this) {
            complete = true;
        }
        Thread.ofVirtual().name("accept").start(() -> accept(last));
    }

    private void accept(IncomingChunk last) {
        try {
            respond(last, accept());
        } catch (Refusal | IOException | MalformedMessage e) {
            LOG.warn("{} not accepted: {}", this, e.getMessage());
            respond(last, failed("not accepted"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("{} a fault of ours", this, e);
            respond(last, failed("a fault of ours"));
        } finally {
            surroundings.attempts.leave(outgoing.message(), this);
        }
    }

    /// On stable storage, then to the first recipient, then the 200 (reading 3).
    private int accept() throws Refusal, IOException, InterruptedException {
        synchronized (this) {
            if (over) { // the last chunk was on its way when the last leg ended
                throw new Refusal(480, "no recipient left");
            }
        }
        var reference = spool.complete();
        var message = outgoing.withMessage(withContent());
        return switch (dispatch.accept(message, spool, reference, sending)) {
            case Dispatch.SentBefore(var answer) -> {
                synchronized (this) {
                    earlierUid = answer.messageUid(); // reliability D4
                }
                discard("a duplicate");
                yield answer.isSuccess() ? MsrpStatus.OK : MsrpStatus.STOP_SENDING;
            }
            case Dispatch.Accepted mine -> {
                boolean allEnded = isOver(mine); // first of all: from here on it stays
                try {
                    sending.accepted(mine.id(), mine.reports());
                } finally {
                    spool.accepted(); // legs get the last octet
                }
                surroundings.attempts.leave(outgoing.message(), this);
                goOn(mine, allEnded);
                yield answerToLast(mine);
            }
        };
    }

    private void goOn(Dispatch.Accepted mine, boolean allEnded) {
        boolean nobodyCalled;
        synchronized (this) {
            nobodyCalled = sentBefore;
        }
        if (allEnded) { // in failure
            dispatch.ended(mine, progress, spool);
        } else if (nobodyCalled) {
            LOG.info("{} has other content than the one before", this);
            callRecipients();
        }
    }

    /// The status for the last chunk. What is in the ledger goes on, whatever else has gone wrong.
    private int failed(String reason) {
        Dispatch.Accepted mine;
        boolean told;
        synchronized (this) {
            mine = accepted;
            told = lastAnswered;
        }
        if (mine == null) {
            discard(reason);
            return MsrpStatus.STOP_SENDING;
        }
        if (!told) {
            dispatch.answered(mine, ACCEPTED, "", outgoing, sending);
        }
        return MsrpStatus.OK;
    }

    /// The sender has nothing more to do here than to say BYE.
    private void respond(IncomingChunk last, int status) {
        last.respond(status);
        if (status == MsrpStatus.OK) {
            large.sessions()
                    .timers()
                    .after(large.sessions().watch().toMillis(), () -> end(EndReason.COMPLETED));
        } else {
            partSoon();
        }
    }

    /// 413 when nobody has it or will have it.
    private int answerToLast(Dispatch.Accepted message) throws InterruptedException {
        var hold = large.sessions().timers().after(large.hold().toMillis(), progress::timeIsUp);
        try {
            progress.awaitFirst();
        } finally {
            hold.cancel();
        }
        int status = progress.answer() == ACCEPTED ? 200 : progress.answer();
        var uid = dispatch.messageUid(message);
        synchronized (this) {
            lastAnswered = true;
        }
        dispatch.answered(message, status, uid, outgoing, sending);
        distribution.senderIsAnswered();
        return status == 200 ? MsrpStatus.OK : MsrpStatus.STOP_SENDING;
    }

    /// What the CPIM headers say is known only now.
    private StandaloneMessage withContent() throws IOException, Refusal {
        var message = outgoing.message();
        var content =
                new MessageContent(
                        message.content().lists(), List.of(large.headers(spool)), Optional.empty());
        surroundings.checks.cpimFrom(content, message.originator());
        return message.withContent(content);
    }

    @Override
    public void onBroken(String reason, boolean told) {
        giveUp(reason);
        if (told) {
            partSoon();
        } else {
            end(EndReason.FAILED);
        }
    }

    // ---- the end

    /// Every leg has ended. Before it is accepted that means: in failure.
    private void onAllEnded() {
        boolean wasAnswered;
        synchronized (this) {
            ended = true;
            if (accepted != null) {
                dispatch.ended(accepted, progress, spool);
                return;
            }
            if (over || complete) {
                return; // accept() finds out
            }
            wasAnswered = answered;
        }
        if (wasAnswered) {
            giveUp("no recipient left");
            partSoon(); // the next chunk is answered 413
        } else {
            refuse("no recipient left", new Refusal(progress.answer(), "")); // 8.2.1.2/err.final
        }
    }

    /// From now on it is the ledger's. True when every leg has ended already.
    private synchronized boolean isOver(Dispatch.Accepted message) {
        accepted = message;
        return ended;
    }

    /// Nobody gets it, unless its content is complete: then the sender may go, and it is accepted.
    private void giveUp(String reason) {
        synchronized (this) {
            if (complete || over) {
                return;
            }
            over = true; // before anything is complete: see accept()
        }
        abandon(reason);
    }

    private void discard(String reason) {
        synchronized (this) {
            if (accepted != null || over) {
                return;
            }
            over = true;
        }
        abandon(reason);
    }

    /// By the one who has set that it is over.
    private void abandon(String reason) {
        LOG.info("{} given up: {}", this, reason);
        synchronized (this) {
            stopGuard();
        }
        spool.abort();
        large.legs().abandon(distribution);
        carrier.giveUp(); // 8.2.1.2/cancel.2
        spool.close();
        dispatch.refund(outgoing);
        surroundings.attempts.leave(outgoing.message(), this);
    }

    private void stopGuard() {
        if (guard != null) {
            guard.cancel();
        }
    }

    /// The sender says BYE when it has read our response; if not, we do (reading 67).
    private void partSoon() {
        large.sessions().timers().after(PARTING.toMillis(), () -> end(EndReason.FAILED));
    }

    private void end(List<HeaderField> reason) {
        IncomingSession mine;
        synchronized (this) {
            mine = session;
        }
        if (mine != null) {
            mine.end(reason);
        }
    }

    /// The end of the input (8.2.1.2/bye.2): legs of an accepted message go on, and end with a BYE
    /// of their own (8.2.1.2/bye.forward, reading 68).
    @Override
    public List<HeaderField> onBye(SipRequest bye) {
        giveUp("BYE before the end");
        var uid = messageUid();
        return uid.isEmpty()
                ? List.of() // 8.2.1.2/bye.2.uid.else
                : List.of(new HeaderField(CpmHeader.MESSAGE_UID, uid)); // 8.2.1.2/bye.2.uid
    }

    /// It is there since the last chunk was answered, if it came in time; that of the message
    /// before this one when this is the same.
    private String messageUid() {
        Dispatch.Accepted mine;
        synchronized (this) {
            if (accepted == null) {
                return earlierUid;
            }
            mine = accepted;
        }
        try {
            return mine.recording().uid(Duration.ZERO);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    @Override
    public void onEnded(SessionEnd end) {
        if (end instanceof SessionEnd.Cancelled) {
            giveUp("cancelled"); // 8.2.1.2/cancel.1
        } else if (!(end instanceof SessionEnd.ByeSent)) {
            giveUp("the session has ended");
        }
        media.close();
    }

    @Override
    public String toString() {
        return "contribution=" + outgoing.message().contributionId();
    }
}
