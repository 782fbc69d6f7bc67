package org.fanfare.server;

import org.fanfare.wire.Limits;

/// Long lists need room: who allows more recipients need not think of the size of their document.
final class LimitGrowth {

    /// As the defaults have it: 256 KiB for 100 recipients.
    private static final int OCTETS_A_RECIPIENT = 256 * 1024 / 100;

    /// Beyond this the configuration must ask for it by name.
    private static final int MAX_LIST_OCTETS = 16 * 1024 * 1024;

    private static final int DUPLICATES = 10;

    private LimitGrowth() {}

    static Limits of(Limits limits, int recipients) {
        var list =
                Math.max(
                        limits.listOctets(),
                        (int) Math.min(MAX_LIST_OCTETS, (long) OCTETS_A_RECIPIENT * recipients));
        var entries = (int) Math.min(Integer.MAX_VALUE, (long) DUPLICATES * recipients);
        return limits.withListOctets(list)
                .withListEntries(Math.max(limits.listEntries(), entries))
                .withMessageOctets(limits.messageOctets() + list - limits.listOctets());
    }
}
