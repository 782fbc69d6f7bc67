package org.fanfare.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// A MESSAGE, and its answer.
final class PagerTransfer implements Transfer {

    private final ComposedMessage composed;
    private final CompletableFuture<SendResult> result = new CompletableFuture<>();

    PagerTransfer(ComposedMessage composed) {
        this.composed = composed;
    }

    PagerTransfer start(Exchange exchange) {
        Thread.ofVirtual()
                .name("pager-send")
                .start(() -> {
                    try {
                        var answer = exchange.send(composed.request()); // 7.2.1.1/17
                        result.complete(SendResult.of(composed, answer));
                    } catch (InterruptedException | RuntimeException e) {
                        result.completeExceptionally(e);
                    }
                });
        return this;
    }

    @Override
    public Mode mode() {
        return Mode.PAGER;
    }

    @Override
    public long size() {
        return composed.draft().size();
    }

    @Override
    public long acknowledged() {
        return result.isDone() && !result.isCompletedExceptionally() && result.join().isSuccess()
                ? size()
                : 0;
    }

    @Override
    public void cancel() {
        // MESSAGE cannot be cancelled (reading 66)
    }

    @Override
    public SendResult await() throws InterruptedException {
        return await(result);
    }

    static SendResult await(CompletableFuture<SendResult> result) throws InterruptedException {
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("sending failed: " + e.getCause(), e.getCause());
        }
    }
}
