package org.fanfare.client;

import org.fanfare.uri.Uri;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/// What the service provider has provisioned to the CPM Client (references c.4).
///
/// @param exploderUri the 1-to-Many address of the Participating Function; empty: no 1-to-Many
/// @param controllingFunction the address of the CPM Controlling Function; empty: no ad-hoc groups
/// @param switchoverSize largest CPIM entity, in octets, that goes as Pager Mode (reading 5)
/// @param maxRequestSize largest whole MESSAGE, in octets; empty: no limit of its own (reading 5)
/// @param maxRecipients longest list that is sent; empty: left to the network (reading 84)
public record Provisioning(
        Optional<Uri> exploderUri,
        Optional<Uri> controllingFunction,
        int switchoverSize,
        OptionalInt maxRequestSize,
        OptionalInt maxRecipients) {

    /// "Less than or equal to 1300 bytes" (7.2.1.1/0, limit/1300.client).
    public static final int PAGER_LIMIT = 1300;

    /// One-to-one and pre-defined groups only.
    public static final Provisioning NONE =
            new Provisioning(
                    Optional.empty(),
                    Optional.empty(),
                    PAGER_LIMIT,
                    OptionalInt.empty(),
                    OptionalInt.empty());

    public Provisioning {
        if (switchoverSize < 1) {
            throw new IllegalArgumentException(
                    "switchover size: expected at least 1, got " + switchoverSize);
        }
    }

    /// Those who may report on a recipient in his place (reading 2).
    List<Uri> network() {
        return Stream.of(exploderUri, controllingFunction).flatMap(Optional::stream).toList();
    }

    public Provisioning withExploderUri(Uri uri) {
        return new Provisioning(
                Optional.of(uri),
                controllingFunction,
                switchoverSize,
                maxRequestSize,
                maxRecipients);
    }

    public Provisioning withControllingFunction(Uri uri) {
        return new Provisioning(
                exploderUri, Optional.of(uri), switchoverSize, maxRequestSize, maxRecipients);
    }

    public Provisioning withSwitchoverSize(int octets) {
        return new Provisioning(
                exploderUri, controllingFunction, octets, maxRequestSize, maxRecipients);
    }

    public Provisioning withMaxRequestSize(int octets) {
        return new Provisioning(
                exploderUri,
                controllingFunction,
                switchoverSize,
                OptionalInt.of(octets),
                maxRecipients);
    }

    public Provisioning withMaxRecipients(int recipients) {
        return new Provisioning(
                exploderUri,
                controllingFunction,
                switchoverSize,
                maxRequestSize,
                OptionalInt.of(recipients));
    }
}
