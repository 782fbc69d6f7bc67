package org.fanfare.client;

import org.fanfare.cpm.ContributionId;
import org.fanfare.uri.Uri;

import java.util.LinkedHashSet;
import java.util.Set;

/// The messages received lately, so that one that comes twice is shown once (reliability 3.6).
/// Bounded: the oldest is forgotten first.
final class SeenMessages {

    static final int MAX = 10_000;

    /// What makes two deliveries the same message.
    record Key(String originator, String contributionId, String imdnMessageId) {

        static Key of(ReceivedMessage message) {
            return new Key(
                    message.originator().map(Uri::canonical).orElse(""),
                    message.contributionId().map(ContributionId::value).orElse(""),
                    message.imdnMessageId().orElse(""));
        }
    }

    private final Set<Key> seen = new LinkedHashSet<>();

    /// Whether it is the first time; from now on it is not.
    synchronized boolean isFirst(Key key) {
        if (!seen.add(key)) {
            return false;
        }
        if (seen.size() > MAX) {
            seen.remove(seen.iterator().next());
        }
        return true;
    }
}
