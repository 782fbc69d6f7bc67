package org.fanfare.cli.conformance;

import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.digest.DigestClient;
import org.fanfare.sip.transaction.ClientTransaction;
import org.fanfare.sip.transaction.ResponseListener;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/// A request of ours and what is answered to it. A challenge is met once.
final class Exchange implements ResponseListener {

    private final Element element;
    private final @Nullable DigestClient digest;
    private final CompletableFuture<SipResponse> provisional = new CompletableFuture<>();
    private final CompletableFuture<SipResponse> answer = new CompletableFuture<>();
    private volatile SipRequest request;
    private volatile @Nullable ClientTransaction transaction;

    Exchange(Element element, SipRequest request, @Nullable DigestClient digest) {
        this.element = element;
        this.digest = digest;
        this.request = request;
    }

    Exchange begin() {
        transaction = element.send(request, this);
        return this;
    }

    /// As it was sent last, without Via.
    SipRequest request() {
        return request;
    }

    CompletableFuture<SipResponse> answer() {
        return answer;
    }

    /// The first one.
    CompletableFuture<SipResponse> provisional() {
        return provisional;
    }

    void cancel() {
        var begun = transaction;
        if (begun != null) {
            begun.cancel();
        }
    }

    @Override
    public void onProvisional(SipResponse response) {
        provisional.complete(response);
    }

    @Override
    public void onFinal(SipResponse response) {
        var again =
                digest == null
                        ? java.util.Optional.<SipRequest>empty()
                        : digest.answer(request, response);
        if (again.isPresent()) {
            request = again.get();
            begin();
        } else {
            answer.complete(response);
        }
    }

    @Override
    public void onTimeout() {
        answer.completeExceptionally(new IOException("no final response"));
    }

    @Override
    public void onTransportFailure(IOException cause) {
        answer.completeExceptionally(cause);
    }
}
