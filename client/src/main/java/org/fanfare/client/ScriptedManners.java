package org.fanfare.client;

import org.fanfare.msrp.Continuation;
import org.fanfare.msrp.IncomingChunk;
import org.fanfare.msrp.MsrpReceiver;
import org.fanfare.msrp.Report;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/// Behaves as a [LargeScript] says.
///
/// @param counts what has come is counted there
/// @param begun messages that have been announced to this phone
record ScriptedManners(LargeScript script, PhoneCounts counts, AtomicInteger begun)
        implements Manners {

    ScriptedManners(LargeScript script, PhoneCounts counts) {
        this(script, counts, new AtomicInteger());
    }

    @Override
    public boolean active() {
        return script.active();
    }

    @Override
    public boolean connects() throws InterruptedException {
        if (script.connectDelay().isPositive()) {
            Thread.sleep(script.connectDelay());
        }
        return !(script.mishap() instanceof LargeScript.Mishap.NeverConnect);
    }

    @Override
    public MsrpReceiver around(IncomingLargeMessage message) {
        boolean mishap = begun.getAndIncrement() < script.times() || script.times() == 0;
        return new Receiver(script, mishap, counts, message);
    }

    /// Reads slowly, and stops in the middle.
    private static final class Receiver implements MsrpReceiver {

        private final LargeScript script;
        private final PhoneCounts counts;
        private final IncomingLargeMessage message;
        private long octets;
        private long begun;
        private boolean stopped;

        Receiver(
                LargeScript script,
                boolean mishap,
                PhoneCounts counts,
                IncomingLargeMessage message) {
            this.script = script;
            stopped = !mishap;
            this.counts = counts;
            this.message = message;
        }

        @Override
        public void onChunk(IncomingChunk chunk) {
            message.onChunk(chunk);
        }

        @Override
        public void onContent(IncomingChunk chunk, ByteBuffer piece) {
            octets += piece.remaining();
            counts.largeOctets(piece.remaining());
            message.onContent(chunk, piece);
            linger();
            if (octets > script.after() && !stopped) {
                stopped = true;
                stop(chunk);
            }
        }

        /// The peer waits meanwhile: nothing is read.
        private void linger() {
            if (script.octetsPerSecond() == 0) {
                return;
            }
            long now = System.nanoTime();
            if (begun == 0) {
                begun = now;
            }
            double due = octets * 1e9 / script.octetsPerSecond();
            long early = (long) due - (now - begun);
            try {
                if (early > 0) {
                    Thread.sleep(early / 1_000_000, (int) (early % 1_000_000));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void stop(IncomingChunk chunk) {
            switch (script.mishap()) {
                case LargeScript.Mishap.RefuseChunk(int status) -> chunk.respond(status);
                case LargeScript.Mishap.Cut() -> message.closeMedia();
                case LargeScript.Mishap.Bye() -> message.giveUp();
                case LargeScript.Mishap.None(), LargeScript.Mishap.NeverConnect() -> {}
            }
        }

        @Override
        public void onEnd(IncomingChunk chunk, Continuation continuation) {
            message.onEnd(chunk, continuation);
        }

        @Override
        public void onLost(String messageId, String reason) {
            message.onLost(messageId, reason);
        }

        @Override
        public void onReport(Report report) {
            message.onReport(report);
        }

        @Override
        public void onClosed(String reason) {
            message.onClosed(reason);
        }
    }
}
