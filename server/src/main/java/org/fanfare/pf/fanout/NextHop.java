package org.fanfare.pf.fanout;

import org.fanfare.sip.transport.Hop;

import java.util.ArrayDeque;

/// A configured next hop with its window. Copies go to such hops and nowhere else: the host part of
/// a recipient's URI is never looked up.
final class NextHop {

    private final Hop hop;
    private final Window window;
    private final ArrayDeque<Leg> parked = new ArrayDeque<>();

    NextHop(Hop hop, Window window) {
        this.hop = hop;
        this.window = window;
    }

    Hop hop() {
        return hop;
    }

    Window window() {
        return window;
    }

    /// Legs that found no room here while other hops had some.
    ArrayDeque<Leg> parked() {
        return parked;
    }
}
