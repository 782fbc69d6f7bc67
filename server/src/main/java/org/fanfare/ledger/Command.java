package org.fanfare.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// What somebody waits for a [WriterLane] to do.
sealed interface Command {

    void fail(RuntimeException reason);

    /// Encoded by the caller, so that the lane only writes.
    ///
    /// @param encoded what goes into the rows
    record Accept(AcceptRecord message, Encoded encoded, CompletableFuture<Acceptance> result)
            implements Command {

        long octets() {
            return encoded.octets;
        }

        @Override
        public void fail(RuntimeException reason) {
            result.completeExceptionally(reason);
        }
    }

    /// The columns of a message that is to be accepted.
    final class Encoded {
        /// By which duplicates are known.
        final byte[] key;

        /// Stands for the originator.
        final long source;

        final byte[] template;

        /// Of each range.
        final List<byte[]> recipients;

        final List<StateArray> states;
        final long octets;

        Encoded(
                byte[] key,
                long source,
                byte[] template,
                List<byte[]> recipients,
                List<StateArray> states) {
            this.key = key;
            this.source = source;
            this.template = template;
            this.recipients = recipients;
            this.states = states;
            this.octets =
                    template.length
                            + recipients.stream().mapToLong(text -> text.length).sum()
                            + states.stream()
                                    .mapToLong(array -> (long) array.size() * StateArray.STATE_SIZE)
                                    .sum();
        }
    }

    record Flush(HeldMessage message, long since, CompletableFuture<Boolean> result)
            implements Command {

        @Override
        public void fail(RuntimeException reason) {
            result.completeExceptionally(reason);
        }
    }

    record Answer(
            HeldMessage message, StoredAnswer answer, long since, CompletableFuture<Boolean> result)
            implements Command {

        @Override
        public void fail(RuntimeException reason) {
            result.completeExceptionally(reason);
        }
    }

    /// Anything else, in a transaction of its own.
    record Task<T>(Work<T> work, CompletableFuture<T> result) implements Command {

        @Override
        public void fail(RuntimeException reason) {
            result.completeExceptionally(reason);
        }
    }

    @FunctionalInterface
    interface Work<T> {
        T perform(Connection connection) throws SQLException;
    }

    /// Waits, and throws what the lane says.
    static <T> T await(CompletableFuture<T> result) {
        try {
            return result.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException reason) {
                throw reason;
            }
            throw e;
        }
    }
}
