package org.fanfare.cli;

import org.fanfare.client.HandledMessage;
import org.fanfare.client.HandledMessages;
import org.fanfare.client.StoredMessage;
import org.fanfare.store.Mailbox;
import org.fanfare.store.Mailbox.Change;

/// What `fanfare inbox` shows of a mailbox.
final class InboxView {

    private final Events events;
    private final HandledMessages handled;
    private boolean since;
    private boolean concluded;
    private long appeared;
    private long altered;
    private long vanished;

    /// @param handled over SIP by this client
    /// @param since whether there was a last time
    InboxView(Events events, HandledMessages handled, boolean since) {
        this.events = events;
        this.handled = handled;
        this.since = since;
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
                tell(item, "new");
            }
            case Change.Altered(var item) -> {
                altered++;
                tell(item, "changed");
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
    /// shown, what this client has handled and the store does not have.
    void conclude() {
        if (concluded && appeared + altered + vanished == 0) {
            return;
        }
        if (!since) {
            handled.withoutCopy().forEach(this::notStored);
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

    /// A message that this client has sent or received itself is told as one with its copy.
    private void tell(Mailbox.Item item, String change) {
        var own = handled.copiedBy(object(item));
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
