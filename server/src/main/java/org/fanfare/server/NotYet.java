package org.fanfare.server;

import org.fanfare.server.Configuration.DirectDelivery;
import org.fanfare.server.Configuration.Recording;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keys that are part of the format, but whose procedures are not built: whoever sets them is told.
final class NotYet {

    private static final Logger LOG = LoggerFactory.getLogger(NotYet.class);

    private NotYet() {}

    static void warn(Configuration configuration) {
        var policy = configuration.policy();
        warnIf(configuration.store().imap() != null, "store.imap");
        warnIf(policy.directDelivery() != DirectDelivery.OFF, "policy.direct-delivery");
        warnIf(policy.record() == Recording.ALWAYS, "policy.record");
    }

    private static void warnIf(boolean set, String key) {
        if (set) {
            LOG.warn("event=key-without-effect key={} reason=\"not built yet\"", key);
        }
    }
}
