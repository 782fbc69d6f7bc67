package org.fanfare.pf;

import org.fanfare.sip.transaction.Timers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// How many copies of one originator may go to interworking in a day (reliability A9): each may
/// cost money, and a list of dead numbers would draw one for every entry. What was used comes back
/// evenly over the day. A restart forgets what was used.
final class InterworkingQuota {

    private static final Logger LOG = LoggerFactory.getLogger(InterworkingQuota.class);
    private static final long DAY = Duration.ofDays(1).toNanos();

    private static final int MOST_BEFORE_CLEANING = 1_000;

    private final int perDay;
    private final Timers timers;
    private final Map<String, Account> accounts = new HashMap<>();
    private long cleaned;

    /// @param perDay 0: no limit
    InterworkingQuota(int perDay, Timers timers) {
        this.perDay = perDay;
        this.timers = timers;
    }

    private static final class Account {
        private double left;
        private long at;
        private boolean told;
    }

    /// Whether one more may go, which is then used.
    synchronized boolean take(String originator) {
        if (perDay == 0) {
            return true;
        }
        forgetWhoIsFull();
        var account = accounts.computeIfAbsent(originator, _ -> newAccount());
        refill(account);
        if (account.left >= 1) {
            account.left--;
            account.told = false;
            return true;
        }
        if (!account.told) {
            account.told = true;
            LOG.warn("event=interworking-quota originator={} per-day={}", originator, perDay);
        }
        return false;
    }

    private Account newAccount() {
        var account = new Account();
        account.left = perDay;
        account.at = timers.nanoTime();
        return account;
    }

    private void refill(Account account) {
        long now = timers.nanoTime();
        account.left = Math.min(account.left + (double) (now - account.at) / DAY * perDay, perDay);
        account.at = now;
    }

    /// Seldom enough to cost nothing.
    private void forgetWhoIsFull() {
        if (accounts.size() >= MOST_BEFORE_CLEANING && timers.nanoTime() - cleaned > DAY / 24) {
            cleaned = timers.nanoTime();
            accounts.values()
                    .removeIf(account -> {
                        refill(account);
                        return account.left >= perDay;
                    });
        }
    }
}
