package org.fanfare.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The states of the recipients of one range in ten octets each: kind and flags (1), attempts (1),
/// SIP status (2), number of the reason in a table beside (2), milliseconds since the acceptance
/// (4).
///
/// The octets keep their length for ever, so an update never needs a new page of the database. Not
/// thread-safe.
final class StateArray {

    static final int STATE_SIZE = 10;

    private static final int KIND_MASK = 0x07;
    private static final int REPORTED = 0x80;
    private static final int MAX_REASONS = 256;
    private static final String NO_REASON = "";

    private final long base;
    private final ByteBuffer states;
    private final List<String> reasons;

    private StateArray(Instant acceptedAt, byte[] states, List<String> reasons) {
        this.base = acceptedAt.toEpochMilli();
        this.states = ByteBuffer.wrap(states);
        this.reasons = reasons;
    }

    static StateArray pending(Instant acceptedAt, int size) {
        return new StateArray(
                acceptedAt, new byte[size * STATE_SIZE], new ArrayList<>(List.of(NO_REASON)));
    }

    /// Takes ownership of the octets.
    static StateArray of(Instant acceptedAt, byte[] states, byte[] reasons) {
        var table = new String(reasons, StandardCharsets.UTF_8).split("\n", -1);
        return new StateArray(acceptedAt, states, new ArrayList<>(List.of(table)));
    }

    int size() {
        return states.capacity() / STATE_SIZE;
    }

    OutcomeKind kind(int index) {
        return OutcomeKind.of(states.get(index * STATE_SIZE) & KIND_MASK);
    }

    boolean isReported(int index) {
        return (states.get(index * STATE_SIZE) & REPORTED) != 0;
    }

    int sipStatus(int index) {
        return states.getShort(index * STATE_SIZE + 2);
    }

    Outcome outcome(int index) {
        int at = index * STATE_SIZE;
        return new Outcome(
                kind(index),
                sipStatus(index),
                reasons.get(Short.toUnsignedInt(states.getShort(at + 4))),
                Instant.ofEpochMilli(base + Integer.toUnsignedLong(states.getInt(at + 6))),
                Byte.toUnsignedInt(states.get(at + 1)));
    }

    /// Returns whether anything changed: what is final stands.
    boolean set(int index, Outcome outcome) {
        if (!kind(index).givesWayTo(outcome.kind())) {
            return false;
        }
        int at = index * STATE_SIZE;
        long since = Math.clamp(outcome.at().toEpochMilli() - base, 0L, 0xffff_ffffL);
        states.put(at, (byte) ((states.get(at) & REPORTED) | outcome.kind().code()));
        states.put(at + 1, (byte) outcome.attempts());
        states.putShort(at + 2, (short) outcome.sipStatus());
        states.putShort(at + 4, (short) reason(outcome.reason()));
        states.putInt(at + 6, (int) since);
        return true;
    }

    boolean setReported(int index) {
        int at = index * STATE_SIZE;
        boolean changes = !isReported(index);
        states.put(at, (byte) (states.get(at) | REPORTED));
        return changes;
    }

    /// A range with more different reasons than the table holds keeps the first ones.
    private int reason(String text) {
        int known = reasons.indexOf(text);
        if (known >= 0) {
            return known;
        }
        if (reasons.size() == MAX_REASONS) {
            return 0;
        }
        reasons.add(text);
        return reasons.size() - 1;
    }

    /// How many recipients still need work: pending ones, and failures that have to be reported.
    int open(boolean reportsOwed) {
        int open = 0;
        for (int i = 0; i < size(); i++) {
            open +=
                    switch (kind(i)) {
                        case PENDING -> 1;
                        case FAILED, EXPIRED -> reportsOwed && !isReported(i) ? 1 : 0;
                        case DELIVERED, INTERWORKED -> 0;
                    };
        }
        return open;
    }

    byte[] states() {
        return states.array().clone();
    }

    byte[] reasons() {
        return String.join("\n", reasons).getBytes(StandardCharsets.UTF_8);
    }
}
