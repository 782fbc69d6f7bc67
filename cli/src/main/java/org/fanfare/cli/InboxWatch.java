package org.fanfare.cli;

import org.fanfare.pf.StoreFailure;
import org.fanfare.store.ImapSettings;
import org.fanfare.store.Mailbox;
import org.fanfare.store.MailboxState;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// Keeps an inbox in step with a mailbox until it is stopped, over as many connections as it takes.
final class InboxWatch {

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    /// A server that tells something all the time is not asked all the time.
    private static final Duration BREATH = Duration.ofMillis(100);

    private final ImapSettings settings;
    private final String user;
    private final Duration often;
    private final InboxView view;
    private final StateFile file;
    private final Events events;
    private @Nullable Mailbox open;
    private boolean stopped;

    /// @param often where the server does not tell of all folders by itself
    InboxWatch(
            ImapSettings settings,
            String user,
            Duration often,
            InboxView view,
            StateFile file,
            Events events) {
        this.settings = settings;
        this.user = user;
        this.often = often;
        this.view = view;
        this.file = file;
        this.events = events;
    }

    /// Shows what is new now, and ends.
    void once(MailboxState known) throws StoreFailure, CommandFailure {
        try (var mailbox = Mailbox.open(settings, user, known)) {
            synchronise(mailbox);
        }
    }

    /// @param known up to where
    /// @throws StoreFailure when not even the first connection comes about
    void run(MailboxState known) throws StoreFailure, CommandFailure, InterruptedException {
        var state = known;
        var pause = FIRST_PAUSE;
        boolean first = true;
        while (!isStopped()) {
            try (var mailbox = Mailbox.open(settings, user, state)) {
                if (!first) {
                    events.tell("connected", "connected again", Events.values());
                }
                try {
                    opened(mailbox);
                    do {
                        synchronise(mailbox);
                        first = false;
                        pause = FIRST_PAUSE;
                        mailbox.await(often);
                        sleep(BREATH);
                    } while (!isStopped());
                } finally {
                    opened(null);
                    state = mailbox.state();
                }
            } catch (StoreFailure e) {
                if (first) {
                    throw e;
                }
                if (!isStopped()) {
                    pause = lost(e, pause);
                }
            }
        }
    }

    /// What was shown is not shown again, also when the connection broke in the middle.
    private void synchronise(Mailbox mailbox) throws StoreFailure, CommandFailure {
        try {
            mailbox.changes(view::show);
            view.conclude();
        } finally {
            file.save(mailbox.state());
        }
    }

    /// Waits, so that clients that lost their server together do not come back together.
    private Duration lost(StoreFailure why, Duration pause) throws InterruptedException {
        long nominal = pause.toMillis();
        var wait = Duration.ofMillis(nominal / 2 + ThreadLocalRandom.current().nextLong(nominal));
        events.tell(
                "lost",
                "connection lost: %s; again in %.1f s"
                        .formatted(why.getMessage(), wait.toMillis() / 1000.0),
                Events.values("reason", why.getMessage(), "againInMillis", wait.toMillis()));
        sleep(wait);
        var next = pause.multipliedBy(2);
        return next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
    }

    private synchronized void sleep(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toMillis(); left > 0 && !stopped; ) {
            wait(left);
            left = Duration.ofNanos(end - System.nanoTime()).toMillis();
        }
    }

    private synchronized void opened(@Nullable Mailbox mailbox) {
        open = mailbox;
        if (stopped && mailbox != null) {
            mailbox.stop();
        }
    }

    private synchronized boolean isStopped() {
        return stopped;
    }

    /// From any thread; [#run] then comes to its end.
    synchronized void stop() {
        stopped = true;
        notifyAll();
        if (open != null) {
            open.stop();
        }
    }
}
