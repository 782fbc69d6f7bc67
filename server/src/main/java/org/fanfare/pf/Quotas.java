package org.fanfare.pf;

import org.fanfare.sip.transaction.Timers;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// How many messages of one originator may wait for their answer, and how many recipients he may
/// reach in an hour, so that one cannot take what belongs to all (reliability A3). Whoever is above
/// his limit gets 480 and a time to come back; never 503.
final class Quotas {

    private static final long HOUR = Duration.ofHours(1).toNanos();

    private final Policy policy;
    private final Timers timers;
    private final Map<String, Account> accounts = new HashMap<>();

    Quotas(Policy policy, Timers timers) {
        this.policy = policy;
        this.timers = timers;
    }

    private static final class Account {
        private int open;
        private double recipients;
        private long at;
    }

    /// @throws Refusal 480 when it is too much
    synchronized void enter(String originator, int recipients) throws Refusal {
        var account = accounts.computeIfAbsent(originator, _ -> newAccount());
        if (account.open >= policy.openMessages()) {
            throw new Refusal(480, "Too many messages under way").retryAfter(Duration.ofSeconds(5));
        }
        if (policy.recipientsPerHour() > 0) {
            spend(account, recipients);
        }
        account.open++;
    }

    private Account newAccount() {
        var account = new Account();
        account.recipients = policy.recipientsPerHour();
        account.at = timers.nanoTime();
        return account;
    }

    private void spend(Account account, int recipients) throws Refusal {
        refill(account);
        if (account.recipients < recipients) {
            double missing = recipients - account.recipients;
            throw new Refusal(480, "Too many recipients in an hour")
                    .retryAfter(
                            Duration.ofNanos((long) (missing * HOUR / policy.recipientsPerHour())));
        }
        account.recipients -= recipients;
    }

    private void refill(Account account) {
        long now = timers.nanoTime();
        double gained = (double) (now - account.at) / HOUR * policy.recipientsPerHour();
        account.recipients = Math.min(account.recipients + gained, policy.recipientsPerHour());
        account.at = now;
    }

    /// A message has its answer.
    synchronized void leave(String originator) {
        var account = accounts.get(originator);
        if (account != null && --account.open == 0 && isFull(account)) {
            accounts.remove(originator);
        }
    }

    /// A message turned out to be a duplicate: it costs nothing.
    synchronized void refund(String originator, int recipients) {
        var account = accounts.get(originator);
        if (account != null) {
            account.recipients += recipients;
            leave(originator);
        }
    }

    /// Messages that wait for their answer, of all originators.
    synchronized int open() {
        return accounts.values().stream().mapToInt(account -> account.open).sum();
    }

    private boolean isFull(Account account) {
        refill(account);
        return account.recipients >= policy.recipientsPerHour();
    }
}
