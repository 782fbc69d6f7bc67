package org.fanfare.msrp;

import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.jspecify.annotations.Nullable;

/// The head of a request; its content comes piece by piece.
public final class MsrpRequest implements MsrpMessage {

    public static final String SEND = "SEND";
    public static final String REPORT = "REPORT";

    private final String transactionId;
    private final String method;
    private final Octets head;
    private final int fieldsFrom;
    private final boolean hasContent;
    private @Nullable MsrpFields fields;

    /// @param head from the start line to the CR LF of the last header field
    MsrpRequest(
            String transactionId, String method, Octets head, int fieldsFrom, boolean hasContent) {
        this.transactionId = transactionId;
        this.method = method;
        this.head = head;
        this.fieldsFrom = fieldsFrom;
        this.hasContent = hasContent;
    }

    @Override
    public String transactionId() {
        return transactionId;
    }

    /// `SEND`, `REPORT`, or any word of capital letters.
    public String method() {
        return method;
    }

    public boolean isSend() {
        return method.equals(SEND);
    }

    public boolean isReport() {
        return method.equals(REPORT);
    }

    /// Whether a blank line ends the head and content follows, be it of no octets.
    public boolean hasContent() {
        return hasContent;
    }

    @Override
    public MsrpFields fields() {
        var known = fields;
        if (known == null) {
            known = MsrpFields.parse(head.toByteArray(), fieldsFrom, head.length());
            fields = known;
        }
        return known;
    }

    @Override
    public void check() {
        fields().toPath();
        fields().fromPath();
        fields().byteRange();
        fields().failureReport();
        fields().successReport();
        var id = fields().messageId();
        if ((isSend() || isReport()) && id.isEmpty()) {
            throw new MalformedMessage("expected Message-ID, found none", 0, "RFC 4975 7.1");
        }
        if (isReport()) {
            fields().reportStatus();
        }
        if (hasContent && fields().contentType().isEmpty()) {
            throw new MalformedMessage("expected Content-Type, found none", 0, "RFC 4975 7.1");
        }
    }

    @Override
    public String toString() {
        return method + " " + transactionId;
    }
}
