package org.fanfare.msrp;

import org.fanfare.wire.Octets;
import org.jspecify.annotations.Nullable;

/// A response. Its header fields are hardly ever needed and only read when asked for.
public final class MsrpResponse implements MsrpMessage {

    private final String transactionId;
    private final int status;
    private final String comment;
    private final Octets head;
    private final int fieldsFrom;
    private @Nullable MsrpFields fields;

    MsrpResponse(String transactionId, int status, String comment, Octets head, int fieldsFrom) {
        this.transactionId = transactionId;
        this.status = status;
        this.comment = comment;
        this.head = head;
        this.fieldsFrom = fieldsFrom;
    }

    @Override
    public String transactionId() {
        return transactionId;
    }

    /// Three digits.
    public int status() {
        return status;
    }

    /// As the peer wrote it; empty when it wrote none.
    public String comment() {
        return comment;
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
    }

    @Override
    public String toString() {
        return status + " " + transactionId;
    }
}
