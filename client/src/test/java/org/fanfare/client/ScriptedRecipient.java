package org.fanfare.client;

import org.fanfare.msrp.Continuation;
import org.fanfare.msrp.IncomingChunk;
import org.fanfare.msrp.MsrpEndpoint;
import org.fanfare.msrp.MsrpReceiver;
import org.fanfare.msrp.MsrpSession;
import org.fanfare.msrp.MsrpUri;
import org.fanfare.sdp.MessageMedia;
import org.fanfare.sdp.OfferAnswer;
import org.fanfare.sdp.Origin;
import org.fanfare.sdp.SessionDescription;
import org.fanfare.sdp.Setup;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.testing.ScriptedPeer;
import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// Who gets a large message, with SIP and MSRP in the hands of the test: by default passive, and
/// everything is taken.
final class ScriptedRecipient implements MsrpReceiver, AutoCloseable {

    final ScriptedPeer sip;
    final BlockingQueue<IncomingChunk> chunks = new LinkedBlockingQueue<>();
    final BlockingQueue<Continuation> ends = new LinkedBlockingQueue<>();
    private final MsrpEndpoint msrp;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private final List<Integer> sizes = new ArrayList<>();
    private final MsrpSession media;
    private int size;

    /// What an answer to the INVITE says otherwise.
    volatile UnaryOperator<MessageMedia> description = media -> media;

    volatile UnaryOperator<SipResponse.Builder> success = answer -> answer;
    volatile Function<SipRequest, SipResponse.Builder> byeAnswer = bye -> bye.answer(200);

    /// Answers a chunk that is complete.
    volatile BiConsumer<IncomingChunk, Continuation> answering = (chunk, _) -> chunk.respond(200);

    ScriptedRecipient() throws IOException {
        sip = new ScriptedPeer(this::answer);
        msrp = MsrpEndpoint.builder().listen("tcp:127.0.0.1:0").start();
        media = msrp.open(this);
    }

    Hop hop(TransportProtocol protocol) {
        return sip.hop(protocol);
    }

    MsrpSession media() {
        return media;
    }

    private SipResponse.Builder answer(SipRequest request) {
        if (request.method().equals(Method.INVITE)) {
            return success.apply(answerToInvite(request));
        }
        return request.method().equals(Method.BYE) ? byeAnswer.apply(request) : request.answer(200);
    }

    /// A 200, and a session that waits for the sender or goes to him.
    SipResponse.Builder answerToInvite(SipRequest invite) {
        var offer = MessageMedia.of(SessionDescription.parse(invite.body(), Limits.DEFAULT));
        var path = media.localPath();
        var own = MessageMedia.at(false, path.hostPort(), List.of(path.toString()));
        var answer = description.apply(OfferAnswer.answer(offer, own));
        var remote = offer.path().stream().map(MsrpUri::parse).toList();
        if (answer.setup() == Setup.ACTIVE) {
            Thread.ofVirtual().start(() -> connect(remote));
        } else {
            media.expect(remote);
        }
        return invite.answer(200)
                .header("Contact", "<sip:bob@127.0.0.1>")
                .body(
                        "application/sdp",
                        answer.describe(new Origin("-", 1, 1, "127.0.0.1")).toOctets());
    }

    private void connect(List<MsrpUri> remote) {
        try {
            media.connect(remote);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void onChunk(IncomingChunk chunk) {
        size = 0;
        chunks.add(chunk);
    }

    @Override
    public void onContent(IncomingChunk chunk, ByteBuffer octets) {
        synchronized (content) {
            size += octets.remaining();
            content.writeBytes(Octets.copyOf(octets).toByteArray());
        }
    }

    @Override
    public void onEnd(IncomingChunk chunk, Continuation continuation) {
        synchronized (content) {
            sizes.add(size);
        }
        ends.add(continuation);
        answering.accept(chunk, continuation);
    }

    /// All that has come.
    Octets content() {
        synchronized (content) {
            return Octets.of(content.toByteArray());
        }
    }

    /// Octets in each chunk that is complete.
    List<Integer> sizes() {
        synchronized (content) {
            return List.copyOf(sizes);
        }
    }

    @Override
    public void close() {
        sip.close();
        msrp.close();
    }
}
