package org.fanfare.wire;

/// What came cannot be read: what was expected, what came, where (octet offset), which section says
/// so. Has no stack trace: it tells about a message, not about the program.
public class MalformedMessage extends RuntimeException {

    private static final int MAX_REASON = 300;

    private final String reason;
    private final int offset;
    private final String section;
    private final int sipStatus;

    /// With 400 as the answer. `section` is like `RFC 3261 20.42`; `offset` counts octets from the
    /// start of what was read.
    public MalformedMessage(String reason, int offset, String section) {
        this(reason, offset, section, 400);
    }

    public MalformedMessage(String reason, int offset, String section, int sipStatus) {
        super(text(reason, offset, section), null, false, false);
        this.reason = Printable.cut(reason, MAX_REASON);
        this.offset = offset;
        this.section = section;
        this.sipStatus = sipStatus;
    }

    private static String text(String reason, int offset, String section) {
        return Printable.cut(reason, MAX_REASON)
                + " at octet "
                + offset
                + (section.isEmpty() ? "" : " (" + section + ")");
    }

    /// Without control characters, whatever came.
    public String reason() {
        return reason;
    }

    public int offset() {
        return offset;
    }

    public String section() {
        return section;
    }

    /// The status of the answer, when this was (part of) a SIP request.
    public int sipStatus() {
        return sipStatus;
    }
}
