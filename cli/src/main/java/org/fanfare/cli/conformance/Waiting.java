package org.fanfare.cli.conformance;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Waits for what ought to come.
record Waiting(Duration timeout) {

    /// @param what it is, for whoever reads that it did not come
    <T> T await(CompletableFuture<T> expected, String what) throws Mismatch, InterruptedException {
        try {
            return expected.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            throw new Mismatch(what, "nothing within " + timeout.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw new Mismatch(what, String.valueOf(e.getCause()));
        }
    }
}
