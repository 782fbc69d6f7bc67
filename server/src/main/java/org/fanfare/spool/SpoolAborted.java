package org.fanfare.spool;

import java.io.IOException;

/// The content will never be complete. Who has sent some of it on ends that with the MSRP
/// continuation flag `#` (RFC 4975 7.1), or without an end line.
public final class SpoolAborted extends IOException {

    SpoolAborted(String id) {
        super("spool %s: aborted, its message is not complete".formatted(id));
    }
}
