package org.fanfare.pf;

import org.fanfare.mime.MediaType;
import org.fanfare.msrp.Continuation;
import org.fanfare.msrp.IncomingChunk;
import org.fanfare.msrp.MsrpReceiver;
import org.fanfare.msrp.MsrpStatus;
import org.fanfare.spool.Spool;
import org.fanfare.spool.SpoolAborted;
import org.fanfare.spool.SpoolFull;
import org.fanfare.wire.MalformedMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;

/// The sender's content on its way into the spool. A chunk has its 200 when it is there, the last
/// one when [Owner#onComplete] gives it. Called by the thread that reads the connection.
final class Upload implements MsrpReceiver {

    private static final Logger LOG = LoggerFactory.getLogger(Upload.class);

    /// Is told once how it ends.
    interface Owner {

        /// All is in the spool. The chunk waits for its response.
        void onComplete(IncomingChunk last);

        /// It will never be complete.
        ///
        /// @param told whether the sender has a response that says so
        void onBroken(String reason, boolean told);
    }

    private final Spool spool;
    private final long announced;
    private final Owner owner;
    private String messageId = "";
    private boolean over;

    // Of the thread that reads, for all to see.
    private volatile long held;
    private volatile long heldSince;

    /// @param announced octets by file-selector; -1 for unknown
    Upload(Spool spool, long announced, Owner owner) {
        this.spool = spool;
        this.announced = announced;
        this.owner = owner;
    }

    @Override
    public void onChunk(IncomingChunk chunk) {
        if (messageId.isEmpty()) {
            messageId = chunk.messageId();
        }
        if (isRefused(chunk)) {
            chunk.respond(MsrpStatus.STOP_SENDING); // one message a session
        } else if (chunk.contentType().filter(Upload::isCpim).isEmpty()
                && chunk.contentType().isPresent()) {
            chunk.respond(MsrpStatus.UNSUPPORTED_MEDIA_TYPE);
            broken("content is no message/cpim", true);
        } else if (isTooLarge(chunk.byteRange().total())) {
            refuse(chunk, "announced as larger than by file-selector");
        } else if (spool.isAborted()) { // nobody waits for it any more (reading 3)
            refuse(chunk, "no recipient left");
        }
    }

    /// Another message in the same session would be glued to the first.
    private boolean isRefused(IncomingChunk chunk) {
        return over || !chunk.messageId().equals(messageId);
    }

    private static boolean isCpim(String type) {
        try {
            return MediaType.parse(type).is(MediaType.CPIM);
        } catch (MalformedMessage _) {
            return false;
        }
    }

    private boolean isTooLarge(long octets) {
        return announced >= 0 && octets > announced; // P8, reading 55
    }

    @Override
    public void onContent(IncomingChunk chunk, ByteBuffer octets) {
        if (isRefused(chunk)) {
            return;
        }
        if (isTooLarge(spool.length() + octets.remaining())) {
            refuse(chunk, "larger than announced");
            return;
        }
        heldSince = System.nanoTime() | 1; // never 0
        try {
            spool.append(octets);
        } catch (SpoolAborted e) {
            refuse(chunk, "no recipient left");
        } catch (SpoolFull e) {
            refuse(chunk, e.toString());
        } catch (IOException e) {
            LOG.error("spool={} cannot be written", spool.id(), e);
            refuse(chunk, "not stored");
        } finally {
            held = held();
            heldSince = 0;
        }
    }

    @Override
    public void onPause() {
        spool.flush();
    }

    /// Nanoseconds that the sender had to wait for us, who take nothing while we write.
    long held() {
        long since = heldSince;
        return since == 0 ? held : held + System.nanoTime() - since;
    }

    private void refuse(IncomingChunk chunk, String reason) {
        chunk.respond(MsrpStatus.STOP_SENDING);
        broken(reason, true);
    }

    @Override
    public void onEnd(IncomingChunk chunk, Continuation continuation) {
        if (isRefused(chunk)) {
            chunk.respond(MsrpStatus.STOP_SENDING);
            return;
        }
        switch (continuation) {
            case MORE -> chunk.respond(MsrpStatus.OK);
            case ABORTED -> broken("aborted by the sender", true);
            case COMPLETE -> {
                over = true;
                owner.onComplete(chunk);
            }
        }
    }

    @Override
    public void onLost(String lost, String reason) {
        if (lost.equals(messageId)) {
            broken(reason, true);
        }
    }

    @Override
    public void onClosed(String reason) {
        broken(reason, false);
    }

    private void broken(String reason, boolean told) {
        if (!over) {
            over = true;
            owner.onBroken(reason, told);
        }
    }
}
