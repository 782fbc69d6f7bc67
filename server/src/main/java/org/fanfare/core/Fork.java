package org.fanfare.core;

import org.fanfare.sip.Method;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.StatusCode;
import org.fanfare.sip.transaction.ClientTransaction;
import org.fanfare.sip.transaction.ResponseListener;
import org.fanfare.sip.transaction.ServerTransaction;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The response context of one forwarded request (RFC 3261 16.7): what its branches answer becomes
/// one answer to the sender.
final class Fork {

    private final ServerTransaction upstream;
    private final boolean invite;
    private final Runnable whenAllHaveEnded;
    private final List<ClientTransaction> branches = new ArrayList<>();
    private final List<SipResponse> failures = new ArrayList<>();
    private int open;
    private boolean answered;
    private boolean cancelled;

    /// @param targets how many branches there will be
    Fork(ServerTransaction upstream, int targets, Runnable whenAllHaveEnded) {
        this.upstream = upstream;
        this.whenAllHaveEnded = whenAllHaveEnded;
        this.invite = upstream.request().method().equals(Method.INVITE);
        this.open = targets;
    }

    /// Listens to one branch.
    ResponseListener listener() {
        return new Branch();
    }

    synchronized void add(ClientTransaction branch) {
        branches.add(branch);
        if (cancelled) {
            branch.cancel();
        }
    }

    /// Ends the branches that still ring; requests other than INVITE cannot be cancelled.
    synchronized void cancel() {
        cancelled = true;
        branches.forEach(ClientTransaction::cancel);
    }

    private void onFinal(SipResponse response) {
        decide(response).ifPresent(upstream::respond);
    }

    private synchronized Optional<SipResponse> decide(SipResponse response) {
        if (response.isSuccess()) {
            return success(response);
        }
        ended();
        failures.add(response);
        if (response.status() >= StatusCode.BUSY_EVERYWHERE) {
            cancel(); // 16.7 step 5
        }
        return end();
    }

    /// The first success is the answer at once; of an INVITE every one is passed on (16.7 step 5).
    private Optional<SipResponse> success(SipResponse response) {
        boolean first = !answered;
        answered = true;
        ended();
        cancel();
        return first || invite ? Optional.of(response) : Optional.empty();
    }

    private synchronized Optional<SipResponse> withoutAnswer() {
        ended();
        return end();
    }

    private void ended() {
        open--;
        if (open == 0) {
            whenAllHaveEnded.run();
        }
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

    private final class Branch implements ResponseListener {

        @Override
        public void onProvisional(SipResponse response) {
            if (invite && response.status() > StatusCode.TRYING) {
                upstream.respond(withoutTopVia(response));
            }
        }

        @Override
        public void onFinal(SipResponse response) {
            Fork.this.onFinal(withoutTopVia(response));
        }

        @Override
        public void onTimeout() {
            if (invite) {
                Fork.this.onFinal(own(StatusCode.REQUEST_TIMEOUT));
            } else {
                withoutAnswer().ifPresent(upstream::respond);
            }
        }

        /// The phone is no longer where it was.
        @Override
        public void onTransportFailure(IOException cause) {
            Fork.this.onFinal(own(StatusCode.TEMPORARILY_UNAVAILABLE));
        }
    }
}
