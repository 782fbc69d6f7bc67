package org.fanfare.client;

import org.fanfare.msrp.MsrpReceiver;

/// How a recipient of large messages behaves where the standard leaves it a choice, and where a
/// simulated phone breaks it.
interface Manners {

    /// Those of a client.
    static Manners of(LargeMessageSettings settings) {
        return settings::active;
    }

    /// Whether to make the connection where the sender leaves it open.
    boolean active();

    /// Called before a connection of ours is made; whether it is made at all.
    default boolean connects() throws InterruptedException {
        return true;
    }

    /// Stands between the connection and the message.
    default MsrpReceiver around(IncomingLargeMessage message) {
        return message;
    }
}
