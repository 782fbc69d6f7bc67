package org.fanfare.server;

import org.fanfare.server.Configuration.DirectDelivery;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keys that are part of the format, but whose procedures are not built: whoever sets them is told.
final class NotYet {

    private static final Logger LOG = LoggerFactory.getLogger(NotYet.class);

    private NotYet() {}

    static void warn(Configuration configuration) {
        var policy = configuration.policy();
        warnIf(policy.directDelivery() != DirectDelivery.OFF, "policy.direct-delivery");
    }

    private static void warnIf(boolean set, String key) {
        if (set) {
            LOG.warn("event=key-without-effect key={} reason=\"not built yet\"", key);
        }
    }
}
