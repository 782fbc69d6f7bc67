package org.fanfare.core;

import org.fanfare.sip.Method;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.StatusCode;
import org.fanfare.sip.transaction.ClientTransaction;
import org.fanfare.sip.transaction.ResponseListener;
import org.fanfare.sip.transaction.ServerTransaction;
import org.fanfare.sip.transaction.TimerValues;
import org.fanfare.sip.transaction.Timers;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The response context of one forwarded request (RFC 3261 16.7): what its branches answer becomes
/// one answer to the sender.
final class Fork {

    private final ServerTransaction upstream;
    private final Patience patience;
    private final boolean invite;
    private final Runnable whenAllHaveEnded;
    private final List<Branch> branches = new ArrayList<>();
    private final List<SipResponse> failures = new ArrayList<>();
    private int open;
    private boolean answered;
    private boolean cancelled;

    /// How long an INVITE is waited for.
    ///
    /// @param untilFinal for a final response after the last provisional one (16.6 step 11, Timer
    ///   C)
    /// @param afterCancel for the one that a CANCEL brings (9.1)
    record Patience(Timers timers, Duration untilFinal, Duration afterCancel) {

        /// RFC 3261 wants more than three minutes.
        private static final Duration TIMER_C = Duration.ofSeconds(181);

        static Patience of(Timers timers, TimerValues values) {
            return new Patience(timers, TIMER_C, values.t1().multipliedBy(64));
        }
    }

    /// @param targets how many branches there will be
    Fork(ServerTransaction upstream, int targets, Patience patience, Runnable whenAllHaveEnded) {
        this.upstream = upstream;
        this.patience = patience;
        this.whenAllHaveEnded = whenAllHaveEnded;
        this.invite = upstream.request().method().equals(Method.INVITE);
        this.open = targets;
    }

    /// Listens to one more branch.
    synchronized Branch newBranch() {
        var branch = new Branch();
        branches.add(branch);
        return branch;
    }

    /// Ends the branches that still ring; requests other than INVITE cannot be cancelled.
    synchronized void cancel() {
        cancelled = true;
        branches.forEach(Branch::cancel);
    }

    private synchronized Optional<SipResponse> decide(Branch branch, SipResponse response) {
        if (response.isSuccess()) {
            return success(branch, response);
        }
        branch.ended();
        failures.add(response);
        if (response.status() >= StatusCode.BUSY_EVERYWHERE) {
            cancel(); // 16.7 step 5
        }
        return end();
    }

    /// The first success is the answer at once; of an INVITE every one is passed on (16.7 step 5).
    private Optional<SipResponse> success(Branch branch, SipResponse response) {
        boolean first = !answered;
        answered = true;
        branch.ended();
        cancel();
        return first || invite ? Optional.of(response) : Optional.empty();
    }

    private synchronized Optional<SipResponse> withoutAnswer(Branch branch) {
        branch.ended();
        return end();
    }

    /// When all have ended, the best failure. Nothing where nobody has said anything: the sender
    /// has stopped listening too by then, and a 408 is never sent (RFC 4320 4.2).
    private Optional<SipResponse> end() {
        if (open > 0 || answered) {
            return Optional.empty();
        }
        answered = true;
        return BestResponse.of(failures).map(this::asOurs);
    }

    /// A 503 would make the sender shun the core, which is not what the phone meant (16.7 step 6).
    private SipResponse asOurs(SipResponse best) {
        if (best.status() != StatusCode.SERVICE_UNAVAILABLE) {
            return best;
        }
        var answer = upstream.request().answer(StatusCode.SERVER_INTERNAL_ERROR);
        best.header("Retry-After").ifPresent(value -> answer.header("Retry-After", value));
        return answer.build();
    }

    private SipResponse own(int status) {
        return upstream.request().answer(status).build();
    }

    /// 16.7 step 3: our Via is off before anybody else sees the response.
    private static SipResponse withoutTopVia(SipResponse response) {
        var vias = response.headerValues("Via");
        var answer = response.toBuilder().remove("Via");
        vias.stream().skip(1).forEach(via -> answer.header("Via", via));
        return answer.build();
    }

    /// One of the copies that were sent.
    final class Branch implements ResponseListener {

        private @Nullable ClientTransaction transaction;
        private Timers.@Nullable Cancellable waiting;
        private boolean hasEnded;

        /// The copy is on its way.
        void sent(ClientTransaction started) {
            synchronized (Fork.this) {
                transaction = started;
                if (cancelled) {
                    cancel();
                } else if (invite) {
                    waitUntilFinal();
                }
            }
        }

        private void waitUntilFinal() {
            stopWaiting();
            if (!hasEnded) {
                waiting = patience.timers().after(patience.untilFinal(), this::tooLong);
            }
        }

        private void stopWaiting() {
            if (waiting != null) {
                waiting.cancel();
            }
        }

        private void tooLong() {
            synchronized (Fork.this) {
                cancel();
            }
        }

        private void cancel() {
            if (transaction != null && invite && !hasEnded) {
                stopWaiting();
                waiting = patience.timers().after(patience.afterCancel(), this::giveUp);
                transaction.cancel();
            }
        }

        private void giveUp() {
            int status;
            synchronized (Fork.this) {
                if (hasEnded) {
                    return;
                }
                if (transaction != null) {
                    transaction.abandon();
                }
                status = cancelled ? StatusCode.REQUEST_TERMINATED : StatusCode.REQUEST_TIMEOUT;
            }
            answer(own(status));
        }

        /// Once, though the 2xx of an INVITE comes again and again.
        private void ended() {
            if (hasEnded) {
                return;
            }
            hasEnded = true;
            stopWaiting();
            open--;
            if (open == 0) {
                whenAllHaveEnded.run();
            }
        }

        private void answer(SipResponse response) {
            decide(this, response).ifPresent(upstream::respond);
        }

        @Override
        public void onProvisional(SipResponse response) {
            if (invite && response.status() > StatusCode.TRYING) {
                synchronized (Fork.this) {
                    if (!cancelled) {
                        waitUntilFinal();
                    }
                }
                upstream.respond(withoutTopVia(response));
            }
        }

        @Override
        public void onFinal(SipResponse response) {
            answer(withoutTopVia(response));
        }

        @Override
        public void onTimeout() {
            if (invite) {
                answer(own(StatusCode.REQUEST_TIMEOUT));
            } else {
                withoutAnswer(this).ifPresent(upstream::respond);
            }
        }

        /// The phone is no longer where it was.
        @Override
        public void onTransportFailure(IOException cause) {
            answer(own(StatusCode.TEMPORARILY_UNAVAILABLE));
        }
    }
}
