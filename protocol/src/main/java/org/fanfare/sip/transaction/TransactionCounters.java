package org.fanfare.sip.transaction;

import java.util.concurrent.atomic.LongAdder;

/// What the transaction layer has seen since its start.
public final class TransactionCounters {

    final LongAdder requestsSent = new LongAdder();
    final LongAdder retransmissionsSent = new LongAdder();
    final LongAdder clientTimeouts = new LongAdder();
    final LongAdder unmatchedResponses = new LongAdder();
    final LongAdder requestsReceived = new LongAdder();
    final LongAdder retransmissionsReceived = new LongAdder();
    final LongAdder mergedRequests = new LongAdder();
    final LongAdder strayAcks = new LongAdder();
    final LongAdder strayCancels = new LongAdder();
    final LongAdder malformed = new LongAdder();
    final LongAdder overload = new LongAdder();
    final LongAdder lateAnswers = new LongAdder();
    final LongAdder tooLargeAnswers = new LongAdder();

    TransactionCounters() {}

    public long requestsSent() {
        return requestsSent.sum();
    }

    public long retransmissionsSent() {
        return retransmissionsSent.sum();
    }

    public long clientTimeouts() {
        return clientTimeouts.sum();
    }

    /// Responses that match no transaction: late, repeated, from another address than the request
    /// went to, or with another number of Via values (M17).
    public long unmatchedResponses() {
        return unmatchedResponses.sum();
    }

    /// New requests that were given to the user.
    public long requestsReceived() {
        return requestsReceived.sum();
    }

    public long retransmissionsReceived() {
        return retransmissionsReceived.sum();
    }

    /// Answered 482 (RFC 3261 8.2.2.2).
    public long mergedRequests() {
        return mergedRequests.sum();
    }

    /// ACKs that match no INVITE transaction of ours.
    public long strayAcks() {
        return strayAcks.sum();
    }

    /// Answered 481 (RFC 3261 9.2).
    public long strayCancels() {
        return strayCancels.sum();
    }

    public long malformed() {
        return malformed.sum();
    }

    /// Answered 503 because too many transactions were open.
    public long overload() {
        return overload.sum();
    }

    /// Answers of the user that came when nobody listened any more.
    public long lateAnswers() {
        return lateAnswers.sum();
    }

    /// Answers not sent because they would have been larger than what an untrusted address sent.
    public long tooLargeAnswers() {
        return tooLargeAnswers.sum();
    }
}
