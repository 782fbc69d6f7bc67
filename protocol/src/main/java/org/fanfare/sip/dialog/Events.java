package org.fanfare.sip.dialog;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;

/// What is told to the listener of one session: one after the other, in order, on a virtual thread
/// that lives as long as there is something to tell.
final class Events {

    private static final Logger LOG = System.getLogger(Events.class.getName());

    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean running;

    void add(Runnable event) {
        synchronized (this) {
            waiting.add(event);
            if (running) {
                return;
            }
            running = true;
        }
        Thread.ofVirtual().name("sip-session").start(this::run);
    }

    private void run() {
        for (var event = next(); event != null; event = next()) {
            try {
                event.run();
            } catch (RuntimeException | StackOverflowError e) {
                LOG.log(Level.ERROR, "an event of a session could not be handled", e);
            }
        }
    }

    private synchronized @Nullable Runnable next() {
        var event = waiting.poll();
        running = event != null;
        return event;
    }
}
