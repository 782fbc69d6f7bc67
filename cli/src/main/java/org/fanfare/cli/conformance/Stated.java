package org.fanfare.cli.conformance;

import java.util.List;

/// What the operator says of the configuration of the target, because it cannot be seen from
/// outside.
public enum Stated {
    /// How many recipients a message may have.
    MAX_RECIPIENTS("--max-recipients"),
    /// An originator who may not send.
    DENIED("--denied"),
    /// The oldest release that a client may have, such as `OMA2.0`; or `none`.
    MINIMUM_RELEASE("--minimum-release"),
    ANONYMITY("--anonymity", "allowed", "refused"),
    /// For messages to many.
    ANONYMITY_TO_MANY("--anonymity-to-many", "allowed", "refused"),
    /// HOST:PORT of the interworking function, which the suite plays; or `none`.
    ISF("--isf"),
    /// The most octets of content in a chunk over MSRP.
    MSRP_CHUNK("--msrp-chunk"),
    /// Seconds of the sessions towards recipients.
    SESSION_INTERVAL("--session-interval"),
    /// `off`: nothing goes to the sender's other devices; `core`: one MESSAGE to his own address;
    /// `devices`: one to each that third-party REGISTER has told of.
    DIRECT_DELIVERY("--direct-delivery", "off", "core", "devices"),
    /// A second message with the same Contribution-ID is not delivered again.
    DUPLICATES("--duplicates", "suppressed"),
    /// URI of the message store.
    STORE("--store"),
    /// Who logs in there for the mailbox of the sender.
    STORE_USER("--store-user"),
    STORE_PASSWORD("--store-password"),
    /// Whose messages are recorded there: of all, or of those who prefer it.
    RECORD("--record", "always", "preference"),
    /// HOST:PORT of the XDMS, which the suite plays.
    XDMS("--xdms");

    static final String NONE = "none";

    private final String option;

    @SuppressWarnings("ImmutableEnumChecker") // it is List.of
    private final List<String> words;

    Stated(String option, String... words) {
        this.option = option;
        this.words = List.of(words);
    }

    public String option() {
        return option;
    }

    /// Those that mean something; empty where it is no word.
    public List<String> words() {
        return words;
    }
}
