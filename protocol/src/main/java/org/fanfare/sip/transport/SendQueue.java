package org.fanfare.sip.transport;

import org.fanfare.wire.Octets;

import java.util.ArrayDeque;

/// What waits to be written to one connection, counted in octets. One writer at a time takes it
/// out.
final class SendQueue {

    enum Offer {
        QUEUED,
        /// Queued, and nobody is writing: the caller must start a writer.
        START_WRITER,
        FULL,
        CLOSED
    }

    private final int most;
    private final ArrayDeque<Octets> waiting = new ArrayDeque<>();
    private int octets;
    private int inWriting;
    private boolean writer;
    private boolean closed;

    SendQueue(int most) {
        this.most = most;
    }

    /// A message larger than the whole queue is taken when nothing else waits.
    synchronized Offer offer(Octets message) {
        if (closed) {
            return Offer.CLOSED;
        }
        if (octets > 0 && (long) octets + message.length() > most) {
            return Offer.FULL;
        }
        waiting.add(message);
        octets += message.length();
        if (writer) {
            return Offer.QUEUED;
        }
        writer = true;
        return Offer.START_WRITER;
    }

    /// The next octets to write, of whole messages, up to `batch` unless one is longer. They count
    /// until the next call. Empty when all is written: then the writer ends.
    synchronized Octets next(int batch) {
        octets -= inWriting;
        inWriting = 0;
        var first = waiting.poll();
        if (first == null) {
            writer = false;
            return Octets.EMPTY;
        }
        inWriting = first.length();
        if (waiting.isEmpty() || inWriting + waiting.peek().length() > batch) {
            return first;
        }
        return joined(first, batch);
    }

    private Octets joined(Octets first, int batch) {
        var target = new byte[Math.min(batch, octets)];
        first.copyTo(target, 0);
        for (var more = waiting.peek();
                more != null && inWriting + more.length() <= batch;
                more = waiting.peek()) {
            more.copyTo(target, inWriting);
            inWriting += more.length();
            waiting.remove();
        }
        return Octets.of(target, 0, inWriting);
    }

    /// Takes no more. True when nobody is writing, so that the connection can be closed at once.
    synchronized boolean close() {
        closed = true;
        return !writer;
    }

    synchronized int octets() {
        return octets;
    }
}
