package org.fanfare.cli;

import org.fanfare.client.HandledMessage;
import org.fanfare.client.HandledMessages;
import org.fanfare.client.StoredMessage;
import org.fanfare.store.Mailbox;
import org.fanfare.store.Mailbox.Change;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;

/// What `fanfare inbox` shows of a mailbox.
final class InboxView {

    /// For a message to be noted whose copy is here already.
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Duration POLL = Duration.ofMillis(50);

    private final Events events;
    private final @Nullable HistoryFile history;
    private final HandledMessages handled = new HandledMessages();
    private boolean since;
    private boolean concluded;
    private long appeared;
    private long altered;
    private long vanished;
    private long waitsUntil;
    private @Nullable CommandFailure failure;

    /// @param history of what was handled over SIP by this client, if it is noted
    /// @param since whether there was a last time
    /// @throws CommandFailure when what was noted cannot be read
    InboxView(Events events, @Nullable HistoryFile history, boolean since) throws CommandFailure {
        this.events = events;
        this.history = history;
        this.since = since;
        readHistory();
    }

    private void readHistory() throws CommandFailure {
        if (history != null) {
            history.readTo(handled);
        }
    }

    /// As the client library knows it.
    static StoredMessage object(Mailbox.Item item) {
        return new StoredMessage(
                item.folder(),
                item.uid(),
                item.header("Conversation-ID"),
                item.header("Contribution-ID"),
                item.header("InReplyTo-Contribution-ID"),
                item.header("IMDN-Message-ID"),
                item.header("Payload-Type"));
    }

    void show(Change change) {
        switch (change) {
            case Change.Appeared(var item) -> {
                appeared++;
                tell(item, "new", own(item, concluded));
            }
            case Change.Altered(var item) -> {
                altered++;
                tell(item, "changed", own(item, false));
            }
            case Change.Vanished(var folder, var count) -> {
                vanished += count;
                events.tell(
                        "removed",
                        "%d removed from %s".formatted(count, folder),
                        Events.values("folder", folder, "count", count));
            }
            case Change.StartedOver(var folder) ->
                    events.tell(
                            "started-over",
                            "%s is another folder than it was: all of it comes again"
                                    .formatted(folder),
                            Events.values("folder", folder));
        }
    }

    /// After all changes: how many there were, unless there were none again, and, when all were
    /// shown, what the user has sent and the store does not have. What others have sent is in the
    /// store only where his network records that too.
    ///
    /// @throws CommandFailure when what was noted in between cannot be read
    void conclude() throws CommandFailure {
        waitsUntil = 0;
        if (failure != null) {
            throw failure;
        }
        if (concluded && appeared + altered + vanished == 0) {
            return;
        }
        if (!since) {
            handled.withoutCopy().stream().filter(HandledMessage::sent).forEach(this::notStored);
        }
        events.tell(
                "synchronised",
                since
                        ? "%d new, %d changed, %d removed since the last time"
                                .formatted(appeared, altered, vanished)
                        : appeared + " messages",
                Events.values(
                        "new", appeared,
                        "changed", altered,
                        "removed", vanished,
                        "complete", !since));
        since = true;
        concluded = true;
        appeared = 0;
        altered = 0;
        vanished = 0;
    }

    /// The message that this is a copy of. It may have been noted since, or, as `fanfare send` has
    /// to wait for the answer, be noted in a moment.
    private Optional<HandledMessage> own(Mailbox.Item item, boolean wait) {
        var object = object(item);
        var own = handled.copiedBy(object);
        try {
            while (own.isEmpty() && history != null && failure == null) {
                readHistory();
                own = handled.copiedBy(object);
                if (own.isPresent() || !wait || !isTimeLeft()) {
                    return own;
                }
                Thread.sleep(POLL);
            }
        } catch (CommandFailure e) {
            failure = e;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return own;
    }

    /// Objects that come together are waited for together.
    private boolean isTimeLeft() {
        long now = System.nanoTime();
        if (waitsUntil == 0) {
            waitsUntil = now + PATIENCE.toNanos();
        }
        return now - waitsUntil < 0;
    }

    /// A message that this client has sent or received itself is told as one with its copy.
    private void tell(Mailbox.Item item, String change, Optional<HandledMessage> own) {
        events.tell(
                "stored",
                "%s%-10s %-8s %s  %s  %s%s"
                        .formatted(
                                since ? "%-8s ".formatted(change) : "",
                                item.uid(),
                                item.header("Message-Direction").orElse("?"),
                                item.folder(),
                                item.header("Date").orElse(""),
                                item.header("Subject").orElse(""),
                                own.isPresent() ? "  (by this client)" : ""),
                Events.values(
                        "uid",
                        item.uid().value(),
                        "folder",
                        item.folder(),
                        "direction",
                        item.header("Message-Direction").orElse(null),
                        "from",
                        item.header("From").orElse(null),
                        "to",
                        item.header("To").orElse(null),
                        "conversationId",
                        item.header("Conversation-ID").orElse(null),
                        "contributionId",
                        item.header("Contribution-ID").orElse(null),
                        "messageId",
                        item.header("IMDN-Message-ID").orElse(null),
                        "change",
                        change,
                        "flags",
                        item.flags(),
                        "knownBy",
                        own.map(InboxView::knownBy).orElse(null)));
    }

    private void notStored(HandledMessage message) {
        events.tell(
                "not-stored",
                "%-10s %-8s %s  (by this client, not in the store)"
                        .formatted("-", "", message.conversationId()),
                Events.values(
                        "conversationId", message.conversationId().value(),
                        "contributionId", message.contributionId().value(),
                        "messageId", message.imdnMessageId().orElse(null)));
    }

    private static String knownBy(HandledMessage message) {
        return message.messageUid().isPresent()
                ? "Message-UID" // 7.2.1.1/18.use, 7.2.1.2/sent.3.use
                : "Table 2"; // 7.2.1.1/19, 7.2.1.2/sent.4
    }
}
