package org.fanfare.client;

import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.StatusCode;
import org.fanfare.sip.digest.DigestClient;
import org.fanfare.sip.transaction.ResponseListener;
import org.fanfare.sip.transaction.TransactionLayer;
import org.fanfare.sip.transport.Hop;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// Sends requests to the outbound hop and waits for their final responses. Challenges are answered,
/// those of the own realm (I12), one of the server and one of a proxy for each request.
final class Exchange {

    /// How often one request is sent at most, each time with the next CSeq.
    static final int MAX_ATTEMPTS = 3;

    /// What came back.
    sealed interface Answer {

        /// A final response.
        record Final(SipResponse response) implements Answer {}

        /// Nothing, and why.
        record Nothing(String why) implements Answer {}
    }

    private final TransactionLayer transactions;
    private final Hop outbound;
    private final @Nullable DigestClient digest;

    Exchange(TransactionLayer transactions, Hop outbound, @Nullable Account account) {
        this.transactions = transactions;
        this.outbound = outbound;
        this.digest =
                account == null
                        ? null
                        : new DigestClient(account.realm(), account.user(), account.password());
    }

    /// Blocks until there is a final response or none is to be expected any more: 32 seconds at
    /// most for each attempt.
    Answer send(SipRequest request) throws InterruptedException {
        if (digest == null) {
            return attempt(request);
        }
        var current = digest.withCredentials(request);
        var answer = attempt(current);
        for (int attempts = 1; attempts < MAX_ATTEMPTS; attempts++) {
            var again =
                    answer instanceof Answer.Final(var response) && isChallenge(response)
                            ? digest.answer(current, response)
                            : Optional.<SipRequest>empty();
            if (again.isEmpty()) {
                return answer;
            }
            current = again.get();
            answer = attempt(current);
        }
        return answer;
    }

    /// With what is known of the realm already.
    SipRequest withCredentials(SipRequest request) {
        return digest == null ? request : digest.withCredentials(request);
    }

    /// The answer to a challenge, with the next CSeq.
    Optional<SipRequest> withCredentials(SipRequest request, SipResponse challenge) {
        return digest == null ? Optional.empty() : digest.answer(request, challenge);
    }

    /// Whether the request was answered with a success.
    static boolean isTaken(Answer answer) {
        return answer instanceof Answer.Final(var response) && response.isSuccess();
    }

    private static boolean isChallenge(SipResponse response) {
        return response.status() == StatusCode.UNAUTHORIZED
                || response.status() == StatusCode.PROXY_AUTHENTICATION_REQUIRED;
    }

    private Answer attempt(SipRequest request) throws InterruptedException {
        var waiting = new Waiting(outbound);
        transactions.send(request, outbound, waiting);
        return waiting.answer.take();
    }

    private static final class Waiting implements ResponseListener {

        private final BlockingQueue<Answer> answer = new ArrayBlockingQueue<>(1);
        private final Hop hop;

        private Waiting(Hop hop) {
            this.hop = hop;
        }

        @Override
        public void onFinal(SipResponse response) {
            answer.add(new Answer.Final(response));
        }

        @Override
        public void onTimeout() {
            answer.add(new Answer.Nothing("no answer from " + hop));
        }

        @Override
        public void onTransportFailure(IOException cause) {
            answer.add(new Answer.Nothing("cannot reach " + hop + ": " + cause.getMessage()));
        }
    }
}
