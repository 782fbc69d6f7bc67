package org.fanfare.sip.transport;

import java.io.IOException;

/// The peer does not take what is sent to it as fast as it comes; the message was not sent. The
/// connection is still open.
public final class SendQueueFull extends IOException {

    private static final long serialVersionUID = 1L;

    SendQueueFull(String message) {
        super(message);
    }
}
