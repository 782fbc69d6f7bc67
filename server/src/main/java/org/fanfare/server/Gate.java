package org.fanfare.server;

import org.fanfare.pf.ParticipatingFunction;
import org.fanfare.registrations.Registrations;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.StatusCode;
import org.fanfare.sip.transaction.ServerTransaction;
import org.fanfare.sip.transaction.TransactionUser;
import org.fanfare.sip.transport.Flow;
import org.jspecify.annotations.Nullable;

import java.util.concurrent.CountDownLatch;

/// Stands before the Participating Function, which needs to know our ports and so comes to life
/// after they are open. Requests that come before wait for it: each has a virtual thread.
final class Gate implements TransactionUser {

    private final CountDownLatch decided = new CountDownLatch(1);
    private volatile @Nullable ParticipatingFunction behind;
    private volatile @Nullable Registrations registrations;

    /// @param telling who is told of registrations; null when nobody wants to know
    void open(ParticipatingFunction function, @Nullable Registrations telling) {
        registrations = telling;
        behind = function;
        decided.countDown();
    }

    void close() {
        behind = null;
        decided.countDown();
    }

    @Override
    public void onRequest(ServerTransaction transaction) {
        try {
            decided.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        var function = behind;
        if (function == null) {
            var request = transaction.request();
            transaction.respond(request.answer(StatusCode.SERVICE_UNAVAILABLE).build());
        } else {
            var about = registrations;
            if (about != null && about.isAbout(transaction.request())) {
                about.onRequest(transaction);
            } else {
                function.onRequest(transaction);
            }
        }
    }

    @Override
    public void onAck(SipRequest ack, Flow flow) {
        var function = behind;
        if (function != null) {
            function.onAck(ack, flow);
        }
    }

    @Override
    public void onCancel(ServerTransaction transaction) {
        var function = behind;
        if (function != null) {
            function.onCancel(transaction);
        }
    }

    @Override
    public void onTimeout(ServerTransaction transaction) {
        var function = behind;
        if (function != null) {
            function.onTimeout(transaction);
        }
    }

    @Override
    public void onUnmatchedResponse(SipResponse response) {
        var function = behind;
        if (function != null) {
            function.onUnmatchedResponse(response);
        }
    }
}
