package org.fanfare.ledger;

/// What became of one recipient (reliability promise: each ends in exactly one of the last four).
public enum OutcomeKind {
    PENDING(0),
    DELIVERED(1),
    INTERWORKED(2),
    FAILED(3),
    EXPIRED(4);

    /// How it is stored; never changes.
    private final int code;

    OutcomeKind(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static OutcomeKind of(int code) {
        return switch (code) {
            case 0 -> PENDING;
            case 1 -> DELIVERED;
            case 2 -> INTERWORKED;
            case 3 -> FAILED;
            case 4 -> EXPIRED;
            default -> throw new DamagedRecord("a state of kind " + code);
        };
    }

    public boolean isFinal() {
        return this != PENDING;
    }

    public boolean isSuccess() {
        return this == DELIVERED || this == INTERWORKED;
    }

    /// Whether an outcome of this kind gives way to `next`. Success stands; a failure or an expiry
    /// gives way only to a late success, which is the better knowledge.
    boolean givesWayTo(OutcomeKind next) {
        return switch (this) {
            case PENDING -> true;
            case DELIVERED, INTERWORKED -> false;
            case FAILED, EXPIRED -> next.isSuccess();
        };
    }
}
