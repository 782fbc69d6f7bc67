package org.fanfare.pf;

import org.fanfare.msrp.Continuation;
import org.fanfare.msrp.IncomingChunk;
import org.fanfare.msrp.MsrpReceiver;
import org.fanfare.msrp.MsrpSession;
import org.fanfare.msrp.MsrpStatus;
import org.fanfare.msrp.MsrpUri;
import org.fanfare.pf.fanout.Descriptions;
import org.fanfare.sdp.Direction;
import org.fanfare.sdp.MessageMedia;
import org.fanfare.sdp.Setup;
import org.fanfare.sip.HeaderField;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.dialog.IncomingSession;
import org.fanfare.sip.dialog.SessionEnd;
import org.fanfare.sip.dialog.SessionListener;
import org.fanfare.uri.HostPort;
import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// One session at a recipient: does what its test says, keeps what has come.
final class Called implements SessionListener, MsrpReceiver {

    private final SipRequest invite;
    private final MsrpSession media;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private final CompletableFuture<IncomingSession> session = new CompletableFuture<>();
    private final CompletableFuture<SessionEnd> ended = new CompletableFuture<>();
    private final CompletableFuture<SipRequest> bye = new CompletableFuture<>();
    private final CompletableFuture<SipRequest> ack = new CompletableFuture<>();
    private final CompletableFuture<Octets> whole = new CompletableFuture<>();
    private final CompletableFuture<String> lost = new CompletableFuture<>();
    private final AtomicLong received = new AtomicLong();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final List<IncomingChunk> chunks = new java.util.concurrent.CopyOnWriteArrayList<>();
    private volatile Duration interval = Duration.ofMinutes(30);
    private volatile int chunkStatus = MsrpStatus.OK;
    private volatile int lastStatus = MsrpStatus.OK;
    private volatile Consumer<Called> onContent = _ -> {};

    Called(SipRequest invite, java.util.function.Function<MsrpReceiver, MsrpSession> media) {
        this.invite = invite;
        this.media = media.apply(this);
    }

    void begun(IncomingSession value) {
        session.complete(value);
    }

    SipRequest invite() {
        return invite;
    }

    MsrpSession media() {
        return media;
    }

    IncomingSession session() {
        return session.join();
    }

    MessageMedia offered() {
        return MessageMedia.of(Descriptions.of(invite, Limits.DEFAULT));
    }

    // ---- what it does

    void ring() {
        session().provisional(invite.answer(180).header("Contact", "<sip:phone@127.0.0.1>"));
    }

    void refuse(int status) {
        session().refuse(invite.answer(status).build());
    }

    /// Waits for the connection, and takes what comes.
    void answer() {
        answer(m -> m, _ -> {});
    }

    void answer(UnaryOperator<MessageMedia> changes) {
        answer(changes, _ -> {});
    }

    void answer(UnaryOperator<MessageMedia> changes, Consumer<SipResponse.Builder> more) {
        media.expect(offered().path().stream().map(MsrpUri::parse).toList());
        var path = media.localPath();
        var ours =
                MessageMedia.at(
                                path.secure(),
                                new HostPort(path.host(), path.port()),
                                List.of(path.toString()))
                        .withDirection(Direction.RECVONLY)
                        .withSetup(Setup.PASSIVE)
                        .withCema(true);
        var body = Descriptions.body(changes.apply(ours), Descriptions.origin(path), List.of());
        var response =
                invite.answer(200)
                        .header("Contact", "<sip:phone@127.0.0.1>")
                        .body(body.contentType().toString(), body.body());
        more.accept(response);
        session().answer(response, interval);
    }

    /// Connects itself.
    void answerActive() throws IOException {
        answer(ours -> ours.withSetup(Setup.ACTIVE));
        media.connect(offered().path().stream().map(MsrpUri::parse).toList());
    }

    /// The session interval that it answers.
    Called interval(Duration value) {
        interval = value;
        return this;
    }

    /// All chunks, or the last one, are answered so.
    Called refusingChunks(int status) {
        chunkStatus = status;
        return this;
    }

    Called refusingTheLastChunk(int status) {
        lastStatus = status;
        return this;
    }

    /// Runs on the thread that reads whenever there is content: to wait is to read no further.
    Called onContent(Consumer<Called> action) {
        onContent = action;
        return this;
    }

    void sendBye(HeaderField... fields) {
        session().end(List.of(fields));
    }

    // ---- what it has seen

    /// The whole message.
    Octets whole() {
        return wait(whole);
    }

    boolean hasWhole() {
        return whole.isDone();
    }

    long received() {
        return received.get();
    }

    void awaitContent() throws InterruptedException {
        if (!begun.await(10, TimeUnit.SECONDS)) {
            throw new AssertionError("no content");
        }
    }

    List<IncomingChunk> chunks() {
        return List.copyOf(chunks);
    }

    SipRequest bye() {
        return wait(bye);
    }

    boolean isHungUp() {
        return bye.isDone();
    }

    SipRequest ack() {
        return wait(ack);
    }

    SessionEnd ended() {
        return wait(ended);
    }

    static <T> T wait(CompletableFuture<T> future) {
        try {
            return future.get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void onAcknowledged(SipRequest request) {
        ack.complete(request);
    }

    @Override
    public List<HeaderField> onBye(SipRequest request) {
        bye.complete(request);
        return List.of();
    }

    @Override
    public void onEnded(SessionEnd end) {
        media.close();
        ended.complete(end);
    }

    @Override
    public void onChunk(IncomingChunk chunk) {
        chunks.add(chunk);
        if (chunkStatus != MsrpStatus.OK) {
            chunk.respond(chunkStatus);
        }
    }

    @Override
    public void onContent(IncomingChunk chunk, ByteBuffer octets) {
        var copy = new byte[octets.remaining()];
        octets.get(copy);
        content.writeBytes(copy);
        received.addAndGet(copy.length);
        begun.countDown();
        onContent.accept(this);
    }

    @Override
    public void onEnd(IncomingChunk chunk, Continuation continuation) {
        if (continuation == Continuation.COMPLETE) {
            chunk.respond(lastStatus);
            if (lastStatus == MsrpStatus.OK) {
                whole.complete(Octets.of(content.toByteArray()));
            }
        } else if (continuation == Continuation.MORE) {
            chunk.respond(MsrpStatus.OK);
        } else {
            lost.complete("aborted");
        }
    }

    @Override
    public void onClosed(String reason) {
        lost.complete(reason);
    }

    @Override
    public void onLost(String messageId, String reason) {
        lost.complete(reason);
    }

    /// Why it will not get the whole message.
    String lost() {
        return wait(lost);
    }
}
