package org.fanfare.client;

import org.fanfare.cpm.EndReason;
import org.fanfare.mime.MediaType;
import org.fanfare.msrp.ContentSource;
import org.fanfare.msrp.Continuation;
import org.fanfare.msrp.IncomingChunk;
import org.fanfare.msrp.MsrpReceiver;
import org.fanfare.msrp.MsrpSession;
import org.fanfare.msrp.MsrpStatus;
import org.fanfare.msrp.MsrpUri;
import org.fanfare.msrp.OutgoingContent;
import org.fanfare.msrp.Report;
import org.fanfare.sdp.MessageMedia;
import org.fanfare.sdp.OfferAnswer;
import org.fanfare.sdp.SessionDescription;
import org.fanfare.sip.HeaderField;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.StatusCode;
import org.fanfare.sip.dialog.OutgoingSession;
import org.fanfare.sip.dialog.SessionEnd;
import org.fanfare.sip.dialog.SessionListener;
import org.fanfare.wire.MalformedMessage;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/// A large message from its INVITE to the answer to its BYE (7.2.1.2, what follows step 20). The
/// ACK, the session timer and the forms of the dialog are the dialog layer's.
final class LargeTransfer implements Transfer {

    private final LargeSending sending;
    private final ComposedMessage composed;
    private final MessageMedia offer;
    private final MsrpSession media;
    private final TransferListener progress;
    private final CountDownLatch mediaDone = new CountDownLatch(1);
    private final AtomicReference<@Nullable String> failure = new AtomicReference<>();
    private final CompletableFuture<SendResult> result = new CompletableFuture<>();
    private @Nullable OutgoingSession session;
    private volatile boolean answered;
    private volatile boolean cancelled;
    private volatile boolean complete;

    /// @param media ours, whose path is in the offer, which is in the request
    LargeTransfer(
            LargeSending sending,
            ComposedMessage composed,
            MessageMedia offer,
            MsrpSession media,
            TransferListener progress) {
        this.sending = sending;
        this.composed = composed;
        this.offer = offer;
        this.media = media;
        this.progress = progress;
    }

    /// Sends the INVITE (7.2.1.2/20).
    synchronized void start() {
        session = sending.invite(composed.request(), new Signalling());
        session.localDescription(sending.describe(offer).toOctets());
    }

    private synchronized OutgoingSession session() {
        return Objects.requireNonNull(session, "started first");
    }

    /// What comes from the other side over SIP.
    private final class Signalling implements SessionListener {

        /// The layer has sent the ACK (7.2.1.2/200.B) and started the session timer
        /// (7.2.1.2/200.A); that order is none in time (reading 56). What the other side says
        /// meanwhile must not wait for the transfer.
        @Override
        public void onAnswered(SipResponse response) {
            answered = true;
            Thread.ofVirtual().name("large-send").start(() -> transfer(response));
        }

        @Override
        public Optional<SipRequest> onChallenged(SipRequest request, SipResponse challenge) {
            return sending.withCredentials(request, challenge);
        }

        @Override
        public List<HeaderField> onBye(SipRequest bye) {
            var why = bye.header("Reason").orElse("no reason given");
            failure.compareAndSet(null, "the other side has ended the session: " + why);
            return List.of();
        }

        @Override
        public void onEnded(SessionEnd end) {
            media.close(); // 7.2.1.2/sent.2.release, 7.2.1.2/msrperr.3.release
            try {
                if (answered) {
                    mediaDone.await();
                }
                result.complete(LargeTransfer.this.result(end));
            } catch (InterruptedException | RuntimeException e) {
                result.completeExceptionally(e);
            }
        }
    }

    /// Everything over MSRP, and the BYE after it.
    private void transfer(SipResponse response) {
        try {
            var remote = read(response);
            bind(remote);
            send();
        } catch (MalformedMessage e) {
            failure.compareAndSet(null, "the answer cannot be used: " + e.reason());
        } catch (IOException e) {
            failure.compareAndSet(null, String.valueOf(e.getMessage()));
        } finally {
            mediaDone.countDown();
            // 7.2.1.2/sent.1, 7.2.1.2/sent.2, 7.2.1.2/msrperr.2, 7.2.1.2/msrperr.3
            session().end(complete ? EndReason.COMPLETED : EndReason.FAILED);
        }
    }

    private MessageMedia read(SipResponse response) throws IOException {
        var description = SessionDescription.parse(response.body(), sending.limits());
        var remote = MessageMedia.of(description, sending.limits());
        OfferAnswer.checkAnswer(offer, remote);
        var type = composed.draft().message().payload().contentType().essence();
        if (!remote.accepts(MediaType.CPIM.essence()) || !remote.acceptsWrapped(type)) {
            throw new IOException("the other side does not take " + type);
        }
        if (!remote.takes(size())) { // reading 86
            throw new IOException(
                    "the other side takes %d octets, these are %d"
                            .formatted(remote.maxSize(), size()));
        }
        return remote;
    }

    /// As the active endpoint, which we are unless the answer wants it the other way
    /// (7.2.1.2/200.C, 7.2.1.2/200.D, reading 57).
    private void bind(MessageMedia remote) throws IOException {
        var path = remote.path().stream().map(MsrpUri::parse).toList();
        if (OfferAnswer.weConnect(offer, remote)) {
            // 7.2.1.2/200.E: to c= and m=; it ends with the empty SEND: 7.2.1.2/200.F
            media.connect(path, OfferAnswer.connectTo(offer, remote));
        } else if (offer.secure() && !sending.listensForTls()) {
            throw new IOException("the other side wants to connect, and we have no certificate");
        } else {
            media.expect(path);
            media.awaitBound(sending.settings().begunWithin());
        }
    }

    /// 7.2.1.2/200.H, over the connection that is there (7.2.1.2/200.I). To-Path is that of the
    /// answer (7.2.1.2/200.H.1); the second Content-Type is that inside (7.2.1.2/200.H.3, reading
    /// 35); no chunk is larger than the limits say (7.2.1.2/200.H.chunk).
    private void send() throws IOException {
        try (var source = composed.draft().open()) {
            var content =
                    OutgoingContent.of(
                            media.newMessageId(),
                            MediaType.CPIM.essence(), // 7.2.1.2/200.H.2
                            size(),
                            target -> read(source, target));
            var sent = media.send(content);
            complete = sent.isComplete();
            if (complete) {
                progress.onProgress(size(), size());
            } else { // 7.2.1.2/msrperr.1
                failure.compareAndSet(null, describe(sent));
            }
        }
    }

    private int read(ContentSource source, ByteBuffer target) throws IOException {
        if (cancelled) {
            throw new IOException("cancelled");
        }
        progress.onProgress(acknowledged(), size());
        return source.read(target);
    }

    private static String describe(org.fanfare.msrp.SendResult sent) {
        return sent.status() == 0
                ? sent.reason()
                : "%d %s after %d octets"
                        .formatted(
                                sent.status(),
                                MsrpStatus.comment(sent.status()),
                                sent.acknowledged());
    }

    /// A refusal has its ACK by now (7.2.1.2/non2xx.A). Told to the user (7.2.1.2/non2xx.B,
    /// 7.2.1.2/msrperr.user); there is nothing else to fall back to (reading 31).
    private SendResult result(SessionEnd end) {
        var handled = composed.handled(Optional.empty());
        if (complete) {
            return SendResult.completed(composed, end);
        }
        if (cancelled) {
            return SendResult.failed(StatusCode.REQUEST_TERMINATED, "cancelled", handled);
        }
        return switch (end) {
            case SessionEnd.Refused(var response) -> SendResult.of(composed, response);
            case SessionEnd.NoAnswer() ->
                    SendResult.failed(0, "no answer from " + sending.next(), handled);
            case SessionEnd.Unreachable(var cause) ->
                    SendResult.failed(
                            0,
                            "cannot reach " + sending.next() + ": " + cause.getMessage(),
                            handled);
            case SessionEnd.Cancelled(),
                    SessionEnd.ByeReceived(_),
                    SessionEnd.ByeSent(_),
                    SessionEnd.Unacknowledged(),
                    SessionEnd.Expired() ->
                    SendResult.failed(
                            StatusCode.TEMPORARILY_UNAVAILABLE,
                            "Transmission Failed: "
                                    + Objects.requireNonNullElse(failure.get(), "no answer"),
                            handled);
        };
    }

    @Override
    public Mode mode() {
        return Mode.LARGE;
    }

    @Override
    public long size() {
        return composed.draft().size();
    }

    @Override
    public long acknowledged() {
        return complete ? size() : media.progress().acknowledged();
    }

    @Override
    public void cancel() {
        if (result.isDone()) {
            return;
        }
        cancelled = true;
        if (answered) { // 7.2.1.2/cancel.late
            media.abort("cancelled");
        } else {
            session().cancel(); // 7.2.1.2/cancel
        }
    }

    @Override
    public SendResult await() throws InterruptedException {
        return PagerTransfer.await(result);
    }

    /// What comes from the other side over MSRP: nothing but reports.
    static final class Backward implements MsrpReceiver {

        private volatile @Nullable LargeTransfer transfer;

        void of(LargeTransfer owner) {
            transfer = owner;
        }

        @Override
        public void onChunk(IncomingChunk chunk) {
            REFUSING.onChunk(chunk);
        }

        @Override
        public void onContent(IncomingChunk chunk, ByteBuffer octets) {}

        @Override
        public void onEnd(IncomingChunk chunk, Continuation continuation) {}

        /// Octets were lost farther on (RFC 4975 7.1.2).
        @Override
        public void onReport(Report report) {
            var owner = transfer;
            if (owner != null && !report.isSuccess()) {
                owner.failure.compareAndSet(null, "a report said " + report.status());
                owner.media.abort("a failure was reported");
            }
        }
    }
}
