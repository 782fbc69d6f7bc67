package org.fanfare.ledger;

import java.time.Instant;
import java.util.List;

/// Something that was handed, in parts, to a system that does not know what it has seen before: it
/// is noted before it is handed over, so that after a crash nothing is handed over twice (K12).
///
/// @param key what it is known by here, at most 128 characters of ASCII
/// @param parts what became of each
/// @param owed what somebody is still to be told about it, as bits that the owner knows
/// @param about what is needed to tell it, as text that the owner knows
/// @param until forgotten after this time
public record Submission(String key, List<Part> parts, int owed, String about, Instant until) {

    /// What is known of one part.
    public enum State {
        /// Not handed over.
        WAITING('w'),
        /// On its way, and nothing heard: it may have arrived.
        UNKNOWN('u'),
        /// The other system has it.
        TAKEN('t'),
        /// The other system does not want it.
        REFUSED('r'),
        /// It has arrived at the end.
        DELIVERED('d'),
        /// It will never arrive.
        UNDELIVERED('n');

        private final char code;

        State(char code) {
            this.code = code;
        }

        static State of(char code) {
            for (var state : values()) {
                if (state.code == code) {
                    return state;
                }
            }
            throw new DamagedRecord("submission, state " + (int) code);
        }

        char code() {
            return code;
        }
    }

    /// One part.
    ///
    /// @param name what the other system calls it; empty while that is not known
    public record Part(State state, String name) {

        public static final Part WAITING = new Part(State.WAITING, "");
    }

    public Submission {
        parts = List.copyOf(parts);
    }

    public Submission withParts(List<Part> others) {
        return new Submission(key, others, owed, about, until);
    }

    public Submission withOwed(int bits) {
        return new Submission(key, parts, bits, about, until);
    }

    /// Whether any part is in that state.
    public boolean hasAny(State state) {
        return parts.stream().anyMatch(part -> part.state() == state);
    }
}
