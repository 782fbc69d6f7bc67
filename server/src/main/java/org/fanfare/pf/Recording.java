package org.fanfare.pf;

import org.fanfare.cpm.MessageUid;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The recording of one message, which may take longer than anybody waits for it.
final class Recording {

    /// Of a message that is not recorded.
    static final Recording NONE = none();

    /// How it ended.
    ///
    /// @param settled whether nothing is left to do
    record Result(Optional<MessageUid> uid, boolean settled) {

        static final Result NOTHING = new Result(Optional.empty(), true);

        /// It is tried again later.
        static final Result OPEN = new Result(Optional.empty(), false);
    }

    private final Progress progress;
    private final CompletableFuture<Result> result = new CompletableFuture<>();

    Recording(Progress progress) {
        this.progress = progress;
    }

    private static Recording none() {
        var none = new Recording(new Progress(1));
        none.end(Result.NOTHING);
        return none;
    }

    /// The first end stands.
    void end(Result value) {
        result.complete(value);
    }

    /// The value of Message-UID; waits for it no longer than that, and not at all while nobody has
    /// the message. Empty when it is not recorded, or not yet (8.2.1.1/9.i.b.else,
    /// 8.2.1.2/bye.2.uid.else).
    String uid(Duration longest) throws InterruptedException {
        if (!result.isDone() && !progress.hasSuccess()) {
            return "";
        }
        try {
            return result.get(Math.max(longest.toNanos(), 0), TimeUnit.NANOSECONDS)
                    .uid()
                    .map(MessageUid::toString)
                    .orElse("");
        } catch (TimeoutException _) {
            return "";
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Waits for its end; true when the content is not needed for it any more.
    boolean awaitSettled() {
        return result.join().settled();
    }
}
