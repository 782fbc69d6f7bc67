package org.fanfare.msrp;

import java.io.IOException;

/// A session did not come about.
public final class MsrpFailure extends IOException {

    private static final long serialVersionUID = 1;

    private final int status;

    MsrpFailure(String reason, int status) {
        super(reason);
        this.status = status;
    }

    /// What the peer answered, 408 when it did not in time, 0 when it was not even asked.
    public int status() {
        return status;
    }
}
