package org.fanfare.cli.conformance;

/// What the operator says of the configuration of the target, because it cannot be seen from
/// outside.
public enum Stated {
    /// How many recipients a message may have.
    MAX_RECIPIENTS("--max-recipients"),
    /// An originator who may not send.
    DENIED("--denied"),
    /// The oldest release that a client may have, such as `OMA2.0`; or `none`.
    MINIMUM_RELEASE("--minimum-release"),
    /// `allowed` or `refused`.
    ANONYMITY("--anonymity"),
    /// `allowed` or `refused`, for messages to many.
    ANONYMITY_TO_MANY("--anonymity-to-many"),
    /// HOST:PORT of the interworking function, which the suite plays; or `none`.
    ISF("--isf"),
    /// The most octets of content in a chunk over MSRP.
    MSRP_CHUNK("--msrp-chunk"),
    /// Seconds of the sessions towards recipients.
    SESSION_INTERVAL("--session-interval"),
    /// `off`: nothing goes to the sender's other devices; `core`: one MESSAGE to his own address.
    DIRECT_DELIVERY("--direct-delivery"),
    /// `suppressed`: a second message with the same Contribution-ID is not delivered again.
    DUPLICATES("--duplicates");

    static final String NONE = "none";
    static final String ALLOWED = "allowed";
    static final String REFUSED = "refused";

    private final String option;

    Stated(String option) {
        this.option = option;
    }

    String option() {
        return option;
    }
}
