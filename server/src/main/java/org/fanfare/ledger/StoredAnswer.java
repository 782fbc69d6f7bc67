package org.fanfare.ledger;

/// The final answer that the sender got, given again to duplicates.
///
/// @param warning the Warning header field's value, "" for none
/// @param messageUid the Message-UID header field's value, "" for none
public record StoredAnswer(int status, String warning, String messageUid) {

    public StoredAnswer {
        if (status < 200 || status > 699) {
            throw new IllegalArgumentException(
                    "status: expected a final one, 200 to 699, got " + status);
        }
    }

    public boolean isSuccess() {
        return status < 300;
    }
}
