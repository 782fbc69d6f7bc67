package org.fanfare.msrp;

import java.util.concurrent.atomic.LongAdder;

/// What an endpoint counts, since its start.
public final class MsrpCounters {

    public final LongAdder connectionsAccepted = new LongAdder();

    /// Over a limit: closed at once.
    public final LongAdder connectionsRefused = new LongAdder();

    public final LongAdder connectionsOpened = new LongAdder();

    /// Closed because nothing came, or nothing was taken, in time.
    public final LongAdder connectionsOverdue = new LongAdder();

    /// Destinations that the owner does not permit (P12).
    public final LongAdder destinationsRefused = new LongAdder();

    /// Connections closed because what came was no MSRP.
    public final LongAdder malformed = new LongAdder();

    public final LongAdder chunksReceived = new LongAdder();
    public final LongAdder chunksSent = new LongAdder();
    public final LongAdder octetsReceived = new LongAdder();
    public final LongAdder octetsSent = new LongAdder();

    /// Requests for paths that are no session of ours (P6).
    public final LongAdder unknownSessions = new LongAdder();

    /// REPORTs for no message of ours (P10).
    public final LongAdder reportsIgnored = new LongAdder();

    /// Responses to no request of ours, and second ones (P11).
    public final LongAdder responsesIgnored = new LongAdder();

    MsrpCounters() {}
}
