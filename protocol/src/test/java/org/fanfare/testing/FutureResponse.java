package org.fanfare.testing;

import org.fanfare.sip.SipResponse;
import org.fanfare.sip.transaction.ResponseListener;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/// The final response to a request, when it comes.
public final class FutureResponse extends CompletableFuture<SipResponse>
        implements ResponseListener {

    @Override
    public void onFinal(SipResponse response) {
        complete(response);
    }

    @Override
    public void onTimeout() {
        completeExceptionally(new IOException("no final response"));
    }

    @Override
    public void onTransportFailure(IOException cause) {
        completeExceptionally(cause);
    }
}
