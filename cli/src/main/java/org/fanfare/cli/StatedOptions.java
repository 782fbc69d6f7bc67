package org.fanfare.cli;

import org.fanfare.cli.conformance.Stated;
import org.fanfare.uri.HostPort;
import org.fanfare.wire.MalformedMessage;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/// What the operator of a Participating Function says of its configuration.
final class StatedOptions {

    private static final Set<Stated> OF_THE_STORE =
            EnumSet.of(Stated.STORE, Stated.STORE_USER, Stated.STORE_PASSWORD);

    private final Map<Stated, String> said = new EnumMap<>(Stated.class);

    @Option(
            names = "--max-recipients",
            paramLabel = "N",
            description = "The most recipients that a message may have.")
    void maxRecipients(@Nullable Integer number) {
        say(Stated.MAX_RECIPIENTS, number);
    }

    @Option(names = "--denied", paramLabel = "URI", description = "An originator who may not send.")
    void denied(@Nullable String uri) {
        say(Stated.DENIED, uri);
    }

    @Option(
            names = "--minimum-release",
            paramLabel = "VERSION",
            description = "The oldest client that is served, such as OMA2.1; or none.")
    void minimumRelease(@Nullable String version) {
        say(Stated.MINIMUM_RELEASE, version);
    }

    @Option(names = "--anonymity", paramLabel = "allowed|refused", description = "Its policy.")
    void anonymity(@Nullable String word) {
        say(Stated.ANONYMITY, word);
    }

    @Option(
            names = "--anonymity-to-many",
            paramLabel = "allowed|refused",
            description = "Its policy for messages to many.")
    void anonymityToMany(@Nullable String word) {
        say(Stated.ANONYMITY_TO_MANY, word);
    }

    @Option(
            names = "--isf",
            paramLabel = "HOST:PORT|none",
            description = "Where it finds the interworking function, which we play; or none.")
    void isf(@Nullable String at) {
        say(Stated.ISF, at);
    }

    @Option(
            names = "--msrp-chunk",
            paramLabel = "OCTETS",
            description = "The most content that it sends in a chunk.")
    void msrpChunk(@Nullable Integer octets) {
        say(Stated.MSRP_CHUNK, octets);
    }

    @Option(
            names = "--session-interval",
            paramLabel = "S",
            description = "Of its sessions with recipients.")
    void sessionInterval(@Nullable Integer seconds) {
        say(Stated.SESSION_INTERVAL, seconds);
    }

    @Option(
            names = "--direct-delivery",
            paramLabel = "off|core|devices",
            description =
                    "What goes to the sender's other devices: nothing, all by the core, or one copy"
                            + " to each.")
    void directDelivery(@Nullable String word) {
        say(Stated.DIRECT_DELIVERY, word);
    }

    @Option(
            names = "--duplicates",
            paramLabel = "suppressed",
            description = "The same Contribution-ID is not delivered again.")
    void duplicates(@Nullable String word) {
        say(Stated.DUPLICATES, word);
    }

    @Option(
            names = "--store",
            paramLabel = "URI",
            description = "Its message store, imap://HOST:PORT or imaps://HOST:PORT.")
    void store(@Nullable String uri) {
        say(Stated.STORE, uri);
    }

    @Option(
            names = "--store-user",
            paramLabel = "NAME",
            description = "Who logs in there for the mailbox of --from.")
    void storeUser(@Nullable String name) {
        say(Stated.STORE_USER, name);
    }

    @Option(names = "--store-password", paramLabel = "PASSWORD", description = "The password.")
    void storePassword(@Nullable String password) {
        say(Stated.STORE_PASSWORD, password);
    }

    @Option(
            names = "--record",
            paramLabel = "always|preference",
            description = "Whose messages it records there.")
    void record(@Nullable String word) {
        say(Stated.RECORD, word);
    }

    @Option(
            names = "--xdms",
            paramLabel = "HOST:PORT",
            description = "Where it finds the preferences of users, which we play.")
    void xdms(@Nullable String at) {
        say(Stated.XDMS, at);
    }

    /// @param value null when the option is not given
    private void say(Stated what, @Nullable Object value) {
        if (value != null) {
            said.put(what, value.toString());
        }
    }

    /// @throws CommandFailure when a word is none of those that mean something
    Map<Stated, String> values() throws CommandFailure {
        for (var each : said.entrySet()) {
            check(each.getKey(), each.getValue());
        }
        if (!said.keySet().containsAll(OF_THE_STORE)
                && OF_THE_STORE.stream().anyMatch(said::containsKey)) {
            throw new CommandFailure(
                    ExitStatus.USAGE, "expected --store, --store-user and --store-password");
        }
        return said;
    }

    private static void check(Stated what, String value) throws CommandFailure {
        if (!what.words().isEmpty() && !what.words().contains(value)) {
            throw new CommandFailure(
                    ExitStatus.USAGE,
                    "%s: expected %s, found %s"
                            .formatted(what.option(), String.join(" or ", what.words()), value));
        }
        if (what == Stated.STORE && !value.matches("imaps?://[^/@]+")) {
            throw new CommandFailure(
                    ExitStatus.USAGE, "--store: expected imap://HOST:PORT, found " + value);
        }
        if (what == Stated.XDMS || (what == Stated.ISF && !value.equals("none"))) {
            address(what.option(), value);
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
