package org.fanfare.spool;

import java.io.IOException;

/// There is no room for more content: the message is too long, its originator has too much under
/// way, or all room is taken. MSRP answers 413 to the chunk (P15, S2), and the message is sent to
/// nobody as a whole.
public final class SpoolFull extends IOException {

    SpoolFull(String message) {
        super(message);
    }

    SpoolFull(String message, IOException cause) {
        super(message, cause);
    }
}
