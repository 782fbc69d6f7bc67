package org.fanfare.cli;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

import org.jspecify.annotations.Nullable;

import java.io.PrintWriter;

/// How far something is: a bar on a terminal, one line at the end elsewhere.
final class Progress implements AutoCloseable {

    private final PrintWriter out;
    private final String what;
    private final long of;
    private final @Nullable ProgressBar bar;
    private long done;

    private Progress(PrintWriter out, String what, long of, @Nullable ProgressBar bar) {
        this.out = out;
        this.what = what;
        this.of = of;
        this.bar = bar;
    }

    static Progress of(PrintWriter out, String what, long of) {
        return new Progress(out, what, of, isTerminal() ? bar(what, of) : null);
    }

    @SuppressWarnings("SystemConsoleNull") // from Java 25 on it is null again without a terminal
    static boolean isTerminal() {
        var console = System.console();
        return console != null && console.isTerminal();
    }

    private static ProgressBar bar(String what, long of) {
        return new ProgressBarBuilder()
                .setTaskName(what)
                .setInitialMax(of)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(50)
                .build();
    }

    void stepBy(long more) {
        stepTo(done + more);
    }

    void stepTo(long now) {
        done = now;
        if (bar != null) {
            bar.stepTo(now);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        } else {
            out.println("%s: %d of %d".formatted(what, done, of));
            out.flush();
        }
    }
}
