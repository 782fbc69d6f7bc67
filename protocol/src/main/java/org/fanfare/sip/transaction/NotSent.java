package org.fanfare.sip.transaction;

import java.io.IOException;

/// A request that has not left: there was no connection that it could take, or the one there was
/// did not take it.
public final class NotSent extends IOException {

    private static final long serialVersionUID = 1;

    public NotSent(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
