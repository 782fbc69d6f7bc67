package org.fanfare.client;

import org.fanfare.imdn.Imdn;

/// What is known of a message at one recipient, in the order in which it can only move forward
/// (D12).
public enum Disposition {
    /// Nothing has been reported.
    NONE,
    /// An intermediary has it.
    PROCESSED,
    /// It did not arrive. A later report that it did counts more.
    FAILED,
    /// Handed over to another service, such as SMS.
    INTERWORKED,
    /// On the recipient's device.
    DELIVERED,
    /// Shown to the recipient.
    DISPLAYED;

    /// What a notification says. That a recipient does not tell whether he read the message says
    /// nothing about its delivery.
    static Disposition of(Imdn imdn) {
        return switch (imdn.kind()) {
            case DELIVERY -> imdn.status() == Imdn.Status.DELIVERED ? DELIVERED : FAILED;
            case DISPLAY -> imdn.status() == Imdn.Status.DISPLAYED ? DISPLAYED : NONE;
            case PROCESSING ->
                    switch (imdn.status()) {
                        case PROCESSED, STORED -> PROCESSED;
                        default -> NONE;
                    };
            case INTERWORKING ->
                    switch (imdn.status()) {
                        case LEGACY_SMS, LEGACY_MMS -> INTERWORKED;
                        case ERROR -> FAILED;
                        default -> NONE;
                    };
            case EXTENSION -> NONE;
        };
    }
}
