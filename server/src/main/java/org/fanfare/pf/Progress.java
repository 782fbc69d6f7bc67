package org.fanfare.pf;

import org.fanfare.pf.fanout.Delivery;

/// How far a message has come, and the final answer that follows from it (reading 1).
final class Progress {

    private static final int NONE = 0;

    private final int recipients;
    private int ended;
    private int delivered;
    private int interworked;
    private int failed;
    private int expired;
    private boolean moreThanAccepted;
    private int bestFailure = NONE;
    private boolean timeIsUp;
    private boolean lost;

    Progress(int recipients) {
        this.recipients = recipients;
    }

    synchronized void add(Delivery delivery) {
        switch (delivery) {
            case Delivery.Delivered(var status) -> {
                delivered++;
                moreThanAccepted |= status != 202;
            }
            case Delivery.Interworked(var status) -> {
                interworked++;
                moreThanAccepted |= status != 202;
            }
            case Delivery.Failed(var status, _) -> {
                failed++;
                fail(status);
            }
            case Delivery.Expired() -> {
                expired++;
                fail(480);
            }
        }
        ended++;
        // Waking whoever waits for every leg costs more than the leg.
        if (ended == recipients || (delivered + interworked == 1 && delivery.isSuccess())) {
            notifyAll();
        }
    }

    private void fail(int status) {
        bestFailure = bestFailure == NONE ? status : BestFailure.better(bestFailure, status);
    }

    /// The collecting time is over.
    synchronized void timeIsUp() {
        timeIsUp = true;
        notifyAll();
    }

    /// Another node goes on with it: nothing more is told here.
    synchronized void lose() {
        lost = true;
        timeIsUp();
    }

    synchronized boolean isLost() {
        return lost;
    }

    synchronized boolean hasSuccess() {
        return delivered + interworked > 0;
    }

    /// Waits until somebody has it; false when nobody will, or it is lost.
    synchronized boolean awaitSuccess() throws InterruptedException {
        while (!hasSuccess() && ended < recipients && !lost) {
            wait();
        }
        return hasSuccess();
    }

    /// Waits until it has ended with all, or the collecting time is over, and says what the sender
    /// is to be told.
    synchronized int awaitAnswer() throws InterruptedException {
        while (ended < recipients && !timeIsUp) {
            wait();
        }
        return answer();
    }

    /// Waits until one recipient has it, or nobody will, or time is up (reading 3).
    synchronized void awaitFirst() throws InterruptedException {
        while (delivered + interworked == 0 && ended < recipients && !timeIsUp) {
            wait();
        }
    }

    synchronized int answer() {
        if (delivered + interworked > 0) { // 8.2.1.1/9
            return moreThanAccepted ? 200 : 202;
        }
        return ended < recipients ? 202 : BestFailure.asAnswer(bestFailure);
    }

    synchronized boolean allEnded() {
        return ended == recipients;
    }

    /// For the log.
    @Override
    public synchronized String toString() {
        return "recipients=%d delivered=%d interworked=%d failed=%d expired=%d"
                .formatted(recipients, delivered, interworked, failed, expired);
    }
}
