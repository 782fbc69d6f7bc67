package org.fanfare.cli;

import org.fanfare.cli.conformance.Stated;
import org.fanfare.uri.HostPort;
import org.fanfare.wire.MalformedMessage;

import picocli.CommandLine.Option;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the operator of a Participating Function says of its configuration.
final class StatedOptions {

    @Option(
            names = "--max-recipients",
            paramLabel = "N",
            description = "The most recipients that a message may have.")
    private Optional<Integer> maxRecipients = Optional.empty();

    @Option(names = "--denied", paramLabel = "URI", description = "An originator who may not send.")
    private Optional<String> denied = Optional.empty();

    @Option(
            names = "--minimum-release",
            paramLabel = "VERSION",
            description = "The oldest client that is served, such as OMA2.1; or none.")
    private Optional<String> minimumRelease = Optional.empty();

    @Option(names = "--anonymity", paramLabel = "allowed|refused", description = "Its policy.")
    private Optional<String> anonymity = Optional.empty();

    @Option(
            names = "--anonymity-to-many",
            paramLabel = "allowed|refused",
            description = "Its policy for messages to many.")
    private Optional<String> anonymityToMany = Optional.empty();

    @Option(
            names = "--isf",
            paramLabel = "HOST:PORT|none",
            description = "Where it finds the interworking function, which we play; or none.")
    private Optional<String> isf = Optional.empty();

    @Option(
            names = "--msrp-chunk",
            paramLabel = "OCTETS",
            description = "The most content that it sends in a chunk.")
    private Optional<Integer> msrpChunk = Optional.empty();

    @Option(
            names = "--session-interval",
            paramLabel = "S",
            description = "Of its sessions with recipients.")
    private Optional<Integer> sessionInterval = Optional.empty();

    @Option(
            names = "--direct-delivery",
            paramLabel = "off|core",
            description = "What goes to the sender's other devices: nothing, or all by the core.")
    private Optional<String> directDelivery = Optional.empty();

    @Option(
            names = "--duplicates",
            paramLabel = "suppressed",
            description = "The same Contribution-ID is not delivered again.")
    private Optional<String> duplicates = Optional.empty();

    /// @throws CommandFailure when a word is none of those that mean something
    Map<Stated, String> values() throws CommandFailure {
        word("--anonymity", anonymity, "allowed", "refused");
        word("--anonymity-to-many", anonymityToMany, "allowed", "refused");
        word("--direct-delivery", directDelivery, "off", "core");
        word("--duplicates", duplicates, "suppressed");
        if (isf.isPresent() && !isf.get().equals("none")) {
            address("--isf", isf.get());
        }
        var values = new EnumMap<Stated, String>(Stated.class);
        maxRecipients.ifPresent(n -> values.put(Stated.MAX_RECIPIENTS, n.toString()));
        denied.ifPresent(uri -> values.put(Stated.DENIED, uri));
        minimumRelease.ifPresent(version -> values.put(Stated.MINIMUM_RELEASE, version));
        anonymity.ifPresent(word -> values.put(Stated.ANONYMITY, word));
        anonymityToMany.ifPresent(word -> values.put(Stated.ANONYMITY_TO_MANY, word));
        isf.ifPresent(at -> values.put(Stated.ISF, at));
        msrpChunk.ifPresent(n -> values.put(Stated.MSRP_CHUNK, n.toString()));
        sessionInterval.ifPresent(n -> values.put(Stated.SESSION_INTERVAL, n.toString()));
        directDelivery.ifPresent(word -> values.put(Stated.DIRECT_DELIVERY, word));
        duplicates.ifPresent(word -> values.put(Stated.DUPLICATES, word));
        return values;
    }

    private static void word(String option, Optional<String> said, String... words)
            throws CommandFailure {
        if (said.isPresent() && !List.of(words).contains(said.get())) {
            throw new CommandFailure(
                    ExitStatus.USAGE,
                    "%s: expected %s, found %s"
                            .formatted(option, String.join(" or ", words), said.get()));
        }
    }

    /// HOST:PORT.
    static HostPort address(String option, String text) throws CommandFailure {
        try {
            var address = HostPort.parse(text);
            if (address.hasPort()) {
                return address;
            }
        } catch (MalformedMessage _) {
            // the same
        }
        throw new CommandFailure(ExitStatus.USAGE, option + ": expected HOST:PORT, found " + text);
    }
}
