package org.fanfare.cpm;

import java.util.List;
import java.util.Optional;

/// The services of CPM by their IMS communication service identifiers. In P-Preferred-Service and
/// P-Asserted-Service they stand as they are, in a [FeatureTag] with escapes (reading 15).
public enum ServiceId {
    MSG("msg", false),
    MSG_GROUP("msg", true),
    LARGEMSG("largemsg", false),
    LARGEMSG_GROUP("largemsg", true),
    SESSION("session", false),
    SESSION_GROUP("session", true),
    FILETRANSFER("filetransfer", false),
    FILETRANSFER_GROUP("filetransfer", true);

    private static final String PREFIX = "urn:urn-7:3gpp-service.ims.icsi.oma.cpm.";

    private final String kind;
    private final boolean group;
    private final String urn;

    ServiceId(String kind, boolean group) {
        this.kind = kind;
        this.group = group;
        this.urn = PREFIX + kind + (group ? ".group" : "");
    }

    /// The plain form, for P-Asserted-Service and P-Preferred-Service.
    public String urn() {
        return urn;
    }

    /// The service of a plain identifier, whatever its case (RFC 6050 4.4).
    public static Optional<ServiceId> ofUrn(String urn) {
        for (var service : values()) {
            if (service.urn.equalsIgnoreCase(urn)) {
                return Optional.of(service);
            }
        }
        return Optional.empty();
    }

    /// The first CPM service among the values of a P-...-Service field; some send several.
    public static Optional<ServiceId> ofHeader(List<String> values) {
        for (var value : values) {
            for (var item : value.split(",", -1)) {
                var service = ofUrn(item.strip());
                if (service.isPresent()) {
                    return service;
                }
            }
        }
        return Optional.empty();
    }

    public boolean isGroup() {
        return group;
    }

    /// The same service for several recipients, or for one.
    public ServiceId forGroup(boolean several) {
        for (var service : values()) {
            if (service.kind.equals(kind) && service.group == several) {
                return service;
            }
        }
        throw new AssertionError(this);
    }

    /// What the service is called when a message goes by Large Message Mode (reading 50).
    public ServiceId asLargeMessage() {
        return switch (this) {
            case MSG -> LARGEMSG;
            case MSG_GROUP -> LARGEMSG_GROUP;
            case LARGEMSG,
                    LARGEMSG_GROUP,
                    SESSION,
                    SESSION_GROUP,
                    FILETRANSFER,
                    FILETRANSFER_GROUP ->
                    this;
        };
    }

    @Override
    public String toString() {
        return urn;
    }
}
