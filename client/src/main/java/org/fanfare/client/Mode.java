package org.fanfare.client;

import java.util.Locale;

/// How a CPM Standalone Message travels.
public enum Mode {
    /// In one MESSAGE (7.2.1.1).
    PAGER,
    /// Over MSRP, in a session of its own (7.2.1.2).
    LARGE;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
