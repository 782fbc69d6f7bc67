package org.fanfare.ledger;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Submissions that a crash forgets.
final class MemorySubmissions implements Submissions {

    private final Map<String, Submission> submissions = new HashMap<>();
    private final Map<String, String> names = new HashMap<>();

    @Override
    public synchronized Optional<Submission> find(String key) {
        return Optional.ofNullable(submissions.get(key));
    }

    @Override
    public synchronized Optional<Submission> named(String name) {
        var key = names.get(name);
        return key == null ? Optional.empty() : find(key);
    }

    @Override
    public synchronized void put(Submission submission) {
        submissions.put(submission.key(), submission);
        submission.parts().stream()
                .filter(part -> !part.name().isEmpty())
                .forEach(part -> names.put(part.name(), submission.key()));
    }

    @Override
    public synchronized List<Submission> owing(int max) {
        return submissions.values().stream().filter(s -> s.owed() != 0).limit(max).toList();
    }

    @Override
    public synchronized int removeUntil(Instant now) {
        int before = submissions.size();
        submissions.values().removeIf(submission -> submission.until().isBefore(now));
        names.values().retainAll(submissions.keySet());
        return before - submissions.size();
    }
}
