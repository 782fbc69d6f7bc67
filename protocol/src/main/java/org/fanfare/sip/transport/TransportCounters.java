package org.fanfare.sip.transport;

import java.util.concurrent.atomic.LongAdder;

/// What the transports have seen since their start.
public final class TransportCounters {

    final LongAdder messagesReceived = new LongAdder();
    final LongAdder messagesSent = new LongAdder();
    final LongAdder malformed = new LongAdder();
    final LongAdder keepAlives = new LongAdder();
    final LongAdder connectionsAccepted = new LongAdder();
    final LongAdder connectionsOpened = new LongAdder();
    final LongAdder connectionsRefused = new LongAdder();
    final LongAdder connectionsOverdue = new LongAdder();
    final LongAdder sendQueuesFull = new LongAdder();
    final LongAdder faults = new LongAdder();

    TransportCounters() {}

    public long messagesReceived() {
        return messagesReceived.sum();
    }

    public long messagesSent() {
        return messagesSent.sum();
    }

    /// Datagrams and stream contents that were no SIP message.
    public long malformed() {
        return malformed.sum();
    }

    /// Pings and empty datagrams.
    public long keepAlives() {
        return keepAlives.sum();
    }

    public long connectionsAccepted() {
        return connectionsAccepted.sum();
    }

    public long connectionsOpened() {
        return connectionsOpened.sum();
    }

    /// Accepted and closed at once, or closed to make room, because of the limits.
    public long connectionsRefused() {
        return connectionsRefused.sum();
    }

    /// Closed because something did not come in its time.
    public long connectionsOverdue() {
        return connectionsOverdue.sum();
    }

    /// Messages refused because the peer did not take those before.
    public long sendQueuesFull() {
        return sendQueuesFull.sum();
    }

    /// Messages that could not be handled by a fault of ours; each is in the log.
    public long faults() {
        return faults.sum();
    }
}
