package org.fanfare.client;

import org.fanfare.cpm.ContributionId;
import org.fanfare.cpm.MessageUid;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a client has sent and received over SIP, to be known again when the synchronisation with
/// the message store meets it there: a message and its stored copy are one (7.2.1.1/18.use,
/// 7.2.1.1/19, 7.2.1.2/sent.3.use, 7.2.1.2/sent.4).
///
///     var handled = new HandledMessages();
///     handled.add(client.send(message).handled());
///     ...
///     if (handled.copiedBy(object).isEmpty()) {
///         show(object); // nobody has seen it yet
///     }
///
/// Bounded: of more than [#MAX] the oldest is forgotten first. Safe for several threads. How an
/// object is compared: [MessageCorrelation].
public final class HandledMessages {

    public static final int MAX = 10_000;

    private final Set<HandledMessage> all = new LinkedHashSet<>();
    private final Set<HandledMessage> withoutCopy = new LinkedHashSet<>();
    private final Map<ContributionId, List<HandledMessage>> byContribution = new HashMap<>();
    private final Map<MessageUid, List<HandledMessage>> byUid = new HashMap<>();

    /// One more.
    public synchronized void add(HandledMessage message) {
        if (!all.add(message)) {
            return;
        }
        withoutCopy.add(message);
        put(byContribution, message.contributionId(), message);
        message.messageUid().ifPresent(uid -> put(byUid, uid, message));
        if (all.size() > MAX) {
            forget(all.iterator().next());
        }
    }

    private void forget(HandledMessage message) {
        all.remove(message);
        withoutCopy.remove(message);
        remove(byContribution, message.contributionId(), message);
        message.messageUid().ifPresent(uid -> remove(byUid, uid, message));
    }

    private static <K> void put(Map<K, List<HandledMessage>> index, K key, HandledMessage message) {
        index.computeIfAbsent(key, _ -> new ArrayList<>()).add(message);
    }

    private static <K> void remove(
            Map<K, List<HandledMessage>> index, K key, HandledMessage message) {
        index.computeIfPresent(
                key,
                (_, messages) -> {
                    messages.remove(message);
                    return messages.isEmpty() ? null : messages;
                });
    }

    /// The message that this object is a copy of; empty where the object is new to this client.
    public synchronized Optional<HandledMessage> copiedBy(StoredMessage object) {
        var candidates = new ArrayList<>(byUid.getOrDefault(object.uid(), List.of()));
        object.contributionId()
                .flatMap(HandledMessages::contribution)
                .ifPresent(id -> candidates.addAll(byContribution.getOrDefault(id, List.of())));
        candidates.removeIf(message -> !MessageCorrelation.isSame(message, object));
        candidates.forEach(withoutCopy::remove); // sent here, and seen by another device
        return candidates.stream().findFirst();
    }

    /// The ones that no object met so far is a copy of, oldest first.
    public synchronized List<HandledMessage> withoutCopy() {
        return List.copyOf(withoutCopy);
    }

    private static Optional<ContributionId> contribution(String text) {
        try {
            return Optional.of(ContributionId.parse(text));
        } catch (org.fanfare.wire.MalformedMessage _) {
            return Optional.empty();
        }
    }
}
