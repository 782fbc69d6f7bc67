package org.fanfare.pf;

import org.fanfare.msrp.ContentSource;
import org.fanfare.msrp.Continuation;
import org.fanfare.msrp.IncomingChunk;
import org.fanfare.msrp.MsrpReceiver;
import org.fanfare.msrp.MsrpSession;
import org.fanfare.msrp.MsrpUri;
import org.fanfare.msrp.OutgoingContent;
import org.fanfare.msrp.SendResult;
import org.fanfare.pf.fanout.Descriptions;
import org.fanfare.sdp.MessageMedia;
import org.fanfare.sip.HeaderField;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.dialog.DialogLayer;
import org.fanfare.sip.dialog.OutgoingSession;
import org.fanfare.sip.dialog.SessionEnd;
import org.fanfare.sip.dialog.SessionListener;
import org.fanfare.sip.transport.Hop;
import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Alice's side of a large message, step by step as its test wants.
final class Calling implements SessionListener, MsrpReceiver {

    private static final Octets END = Octets.utf8("end");

    private final MsrpSession media;
    private final OutgoingSession session;
    private final CompletableFuture<SipResponse> answer = new CompletableFuture<>();
    private final CompletableFuture<SessionEnd> ended = new CompletableFuture<>();
    private final CompletableFuture<SipRequest> bye = new CompletableFuture<>();
    private final BlockingQueue<SipResponse> provisional = new LinkedBlockingQueue<>();
    private final BlockingQueue<Octets> pieces = new LinkedBlockingQueue<>();

    Calling(
            LargeInvite invite,
            java.util.function.Function<MsrpReceiver, MsrpSession> media,
            DialogLayer dialogs,
            Hop to) {
        this.media = media.apply(this);
        session = dialogs.invite(invite.build(this.media.localPath()), to, this);
    }

    /// The final response, whatever it is.
    SipResponse answer() {
        return Called.wait(answer);
    }

    boolean isAnswered() {
        return answer.isDone();
    }

    BlockingQueue<SipResponse> provisional() {
        return provisional;
    }

    MessageMedia answered() {
        return MessageMedia.of(Descriptions.of(answer(), Limits.DEFAULT));
    }

    MsrpSession media() {
        return media;
    }

    OutgoingSession session() {
        return session;
    }

    /// Waits for the 200, and binds the MSRP session.
    Calling connect() throws IOException {
        if (answer().status() != 200) {
            throw new AssertionError(answer().encoded().utf8());
        }
        media.connect(answered().path().stream().map(MsrpUri::parse).toList());
        return this;
    }

    /// All of a message.
    SendResult send(Octets content) {
        return send("message/cpim", content);
    }

    SendResult send(String type, Octets content) {
        return media.send(OutgoingContent.of(media.newMessageId(), type, content));
    }

    /// A message of this length, of which the test gives the content piece by piece.
    CompletableFuture<SendResult> begin(long length) {
        var source =
                new ContentSource() {
                    private ByteBuffer rest = ByteBuffer.allocate(0);

                    @Override
                    public int read(ByteBuffer target) throws IOException {
                        try {
                            if (!rest.hasRemaining()) {
                                var next = pieces.take();
                                if (next.equals(END)) {
                                    return -1;
                                }
                                rest = next.asByteBuffer();
                            }
                        } catch (InterruptedException e) {
                            throw new IOException(e);
                        }
                        int count = Math.min(rest.remaining(), target.remaining());
                        target.put(rest.slice(rest.position(), count));
                        rest.position(rest.position() + count);
                        return count;
                    }

                    @Override
                    public void cancel() {
                        pieces.add(END);
                    }
                };
        var result = new CompletableFuture<SendResult>();
        Thread.startVirtualThread(() ->
                result.complete(
                        media.send(
                                OutgoingContent.of(
                                        media.newMessageId(), "message/cpim", length, source))));
        return result;
    }

    void give(Octets piece) {
        pieces.add(piece);
    }

    void cancel() {
        session.cancel();
    }

    /// BYE, and the answer to it.
    SipResponse hangUp(HeaderField... fields) throws Exception {
        return session.bye(List.of(fields)).get(10, TimeUnit.SECONDS);
    }

    /// The BYE of the Participating Function.
    SipRequest bye() {
        return Called.wait(bye);
    }

    boolean hasBye() {
        return bye.isDone();
    }

    SessionEnd ended() {
        return Called.wait(ended);
    }

    @Override
    public void onProvisional(SipResponse response) {
        provisional.add(response);
    }

    @Override
    public void onAnswered(SipResponse response) {
        answer.complete(response);
    }

    @Override
    public List<HeaderField> onBye(SipRequest request) {
        bye.complete(request);
        return List.of();
    }

    @Override
    public void onEnded(SessionEnd end) {
        switch (end) {
            case SessionEnd.Refused(var response) -> answer.complete(response);
            default -> answer.completeExceptionally(new AssertionError(end.toString()));
        }
        media.close();
        ended.complete(end);
    }

    @Override
    public void onChunk(IncomingChunk chunk) {
        chunk.respond(413);
    }

    @Override
    public void onContent(IncomingChunk chunk, ByteBuffer octets) {}

    @Override
    public void onEnd(IncomingChunk chunk, Continuation continuation) {}
}
