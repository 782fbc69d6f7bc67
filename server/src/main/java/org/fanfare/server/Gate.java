package org.fanfare.server;

import org.fanfare.pf.ParticipatingFunction;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.StatusCode;
import org.fanfare.sip.transaction.ServerTransaction;
import org.fanfare.sip.transaction.TransactionUser;
import org.fanfare.sip.transport.Flow;
import org.jspecify.annotations.Nullable;

/// Stands before the Participating Function, which needs to know our ports and so comes to life
/// after they are open.
final class Gate implements TransactionUser {

    private volatile @Nullable ParticipatingFunction behind;

    void open(ParticipatingFunction function) {
        behind = function;
    }

    void close() {
        behind = null;
    }

    @Override
    public void onRequest(ServerTransaction transaction) {
        var function = behind;
        if (function == null) {
            var request = transaction.request();
            transaction.respond(request.answer(StatusCode.SERVICE_UNAVAILABLE).build());
        } else {
            function.onRequest(transaction);
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
}
