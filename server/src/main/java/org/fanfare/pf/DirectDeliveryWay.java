package org.fanfare.pf;

/// How the sender's other devices get what he has sent (reading 63).
public enum DirectDeliveryWay {
    /// Not at all.
    OFF,
    /// By a copy for each device that is known to suit (8.2.1.1/dd.3.iv.b).
    DEVICES,
    /// By one copy that the core forks to all of them but the one that has sent, which must be
    /// known (8.2.1.1/dd.3.iv.a); large messages as [#DEVICES].
    CORE
}
