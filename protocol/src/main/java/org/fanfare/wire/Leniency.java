package org.fanfare.wire;

import java.util.concurrent.atomic.LongAdder;

/// What real equipment sends against the rules and is taken all the same, because it can be read in
/// one way only. Each has the clause that it bends, and counts how often it was needed.
public enum Leniency {

    /// A header block whose lines all end in LF alone.
    BARE_LF("RFC 2046 4.1.1, RFC 3862 2.2"),

    /// A semicolon with no parameter behind it.
    EMPTY_PARAMETER("RFC 2045 5.1"),

    /// A parameter value that needs quotes and has none.
    UNQUOTED_PARAMETER("RFC 2045 5.1"),

    /// A multipart boundary with visible characters that a boundary must not have.
    BOUNDARY_CHARACTERS("RFC 2046 5.1.1"),

    /// A multipart that ends without its closing delimiter.
    MULTIPART_NOT_CLOSED("RFC 2046 5.1.1"),

    /// Base64 without the padding at its end.
    BASE64_PADDING("RFC 2045 6.8"),

    /// `deflate` without the zlib wrapper.
    RAW_DEFLATE("RFC 9110 8.4.1.2"),

    /// A CPIM header without the blank behind its colon, or with several.
    CPIM_BLANK("RFC 3862 2.2"),

    /// Blanks at the end of a CPIM line.
    CPIM_TRAILING_BLANK("RFC 3862 2.2"),

    /// MIME header fields of the content among the CPIM headers.
    CPIM_CONTENT_TYPE_IN_HEADERS("RFC 3862 2.4"),

    /// No Content-Type for the content: `text/plain`.
    CPIM_NO_CONTENT_TYPE("RFC 3862 2.4"),

    /// A CPIM message without To.
    CPIM_NO_TO("RFC 3862 4.2"),

    /// A CPIM address without angle brackets.
    CPIM_BARE_ADDRESS("RFC 3862 4.1"),

    /// A display name that is neither tokens nor a quoted string.
    CPIM_DISPLAY_NAME("RFC 3862 3.6"),

    /// The prefix `imdn` or `cpm` without NS.
    CPIM_UNDECLARED_PREFIX("RFC 3862 3.4"),

    /// An NS value whose URI has no angle brackets.
    CPIM_BARE_NAMESPACE("RFC 3862 4.6"),

    /// A DateTime that is no date and time of RFC 3339: taken as not there.
    CPIM_DATE_TIME("RFC 3862 4.4"),

    /// The namespace of copy control written with a capital C.
    COPY_CONTROL_NAMESPACE("RFC 5364 4"),

    /// A copy control value that is none of `to`, `cc`, `bcc`: taken as `bcc`.
    COPY_CONTROL_VALUE("RFC 5364 4"),

    /// A Message-ID with visible characters that a token must not have.
    IMDN_MESSAGE_ID("RFC 5438 6.3"),

    /// A notification document without the time of the message.
    IMDN_NO_DATETIME("RFC 5438 11.1.2"),

    /// An entry that stands beside the lists, not in one.
    LIST_ENTRY_OUTSIDE_LIST("RFC 4826 3.2"),

    /// The media feature tag `g.3gpp.icsi-ref` without its plus.
    FEATURE_TAG_WITHOUT_PLUS("RFC 3840 9"),

    /// A Warning value without an agent.
    WARNING_WITHOUT_AGENT("RFC 3261 20.43"),

    /// A Date that is malformed or not in GMT: taken as not there.
    SIP_DATE("RFC 3261 20.17, RFC 4475 3.1.2.12"),

    /// A status line without the blank before its reason phrase, which is empty.
    SIP_STATUS_LINE("RFC 3261 7.2"),

    /// A host name with an underscore.
    HOST_UNDERSCORE("RFC 3261 25.1 hostname"),

    /// Three colons before the IPv4 part of an IPv6 address, as an old grammar had it.
    IPV6_THREE_COLONS("RFC 5118 4.10"),

    /// Brackets around the IPv6 address in the `received` parameter of Via.
    VIA_RECEIVED_BRACKETS("RFC 5118 4.5"),

    /// A last line without its end, as a description has before the boundary of a multipart.
    SDP_LAST_LINE("RFC 8866 5"),

    /// A header field of MSRP that goes on in the next line.
    MSRP_FOLDED_FIELD("RFC 4975 9 header"),

    /// An MSRP identifier that is too short, too long, or has other visible characters.
    MSRP_IDENT("RFC 4975 9 ident"),

    /// A To-Path that is ours by its session id alone: something on the way changed the address.
    MSRP_SESSION_ID_ALONE("RFC 4975 6.1, 7.3"),

    /// Content of no octets without the line end before its end line.
    MSRP_EMPTY_CONTENT("RFC 4975 9 content-stuff");

    private final String clause;

    /// The one thing in here that changes: a counter.
    @SuppressWarnings("ImmutableEnumChecker")
    private final LongAdder taken = new LongAdder();

    Leniency(String clause) {
        this.clause = clause;
    }

    /// The clause that is bent.
    public String clause() {
        return clause;
    }

    /// To be called where something was read by this leniency.
    public void taken() {
        taken.increment();
    }

    /// How often since the start of the program.
    public long count() {
        return taken.sum();
    }
}
