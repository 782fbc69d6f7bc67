package org.fanfare.client;

import org.fanfare.cpm.ReleaseVersion;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Limits;

import java.util.Optional;

/// What all messages of one client have in common.
///
/// @param from the user's own address, with or without a display name
/// @param preferredIdentity another registered address of the user to be shown as the authenticated
///   originator; empty: the address of `from`
/// @param userAgent products after the CPM one in User-Agent and Server; may be empty
/// @param contactInMessage whether a MESSAGE carries Contact with `+sip.instance`: RFC 3428 forbids
///   it, networks that address devices want it (references e.2)
/// @param provisioning what the service provider has provisioned
/// @param limits of what is received
public record ClientSettings(
        NameAddress from,
        Optional<NameAddress> preferredIdentity,
        String userAgent,
        boolean contactInMessage,
        Provisioning provisioning,
        Limits limits) {

    /// First in User-Agent and Server: the CPM release (7.2.1.1/5).
    String product() {
        var product = ReleaseVersion.OMA_2_2.clientProduct();
        return userAgent.isEmpty() ? product : product + " " + userAgent;
    }

    /// The address wished to be shown as the authenticated originator (7.2.1.1/2).
    Uri identity() {
        return preferredIdentity.orElse(from).uri();
    }

    public static ClientSettings of(NameAddress from) {
        return new ClientSettings(
                from, Optional.empty(), "", false, Provisioning.NONE, Limits.DEFAULT);
    }

    public ClientSettings withPreferredIdentity(NameAddress identity) {
        return new ClientSettings(
                from, Optional.of(identity), userAgent, contactInMessage, provisioning, limits);
    }

    public ClientSettings withUserAgent(String products) {
        return new ClientSettings(
                from, preferredIdentity, products, contactInMessage, provisioning, limits);
    }

    public ClientSettings withContactInMessage(boolean wanted) {
        return new ClientSettings(from, preferredIdentity, userAgent, wanted, provisioning, limits);
    }

    public ClientSettings withProvisioning(Provisioning provisioned) {
        return new ClientSettings(
                from, preferredIdentity, userAgent, contactInMessage, provisioned, limits);
    }

    public ClientSettings withLimits(Limits wanted) {
        return new ClientSettings(
                from, preferredIdentity, userAgent, contactInMessage, provisioning, wanted);
    }
}
