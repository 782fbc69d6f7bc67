package org.fanfare.cli;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

import org.fanfare.client.TransferListener;
import org.jspecify.annotations.Nullable;

/// How far a large message is, in octets: a bar on a terminal, a line for each tenth elsewhere.
final class TransferProgress implements TransferListener, AutoCloseable {

    private final Events events;
    private final boolean bars;
    private @Nullable ProgressBar bar;
    private long tenths;

    /// @param bars whether there may be a bar, if there is a terminal
    TransferProgress(Events events, boolean bars) {
        this.events = events;
        this.bars = bars && Progress.isTerminal();
    }

    @Override
    public synchronized void onProgress(long acknowledged, long size) {
        if (bars) {
            var shown = bar == null ? bar(size) : bar;
            bar = shown;
            shown.stepTo(acknowledged);
        } else if (acknowledged * 10 / size > tenths) {
            tenths = acknowledged * 10 / size;
            events.tell(
                    "progress",
                    "sending: %d of %d octets".formatted(acknowledged, size),
                    Events.values("octets", acknowledged, "of", size));
        }
    }

    private static ProgressBar bar(long size) {
        return new ProgressBarBuilder()
                .setTaskName("sending")
                .setInitialMax(size)
                .setUnit(" octets", 1)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(50)
                .build();
    }

    @Override
    public synchronized void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
