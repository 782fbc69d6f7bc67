package org.fanfare.client;

import java.time.Duration;
import java.util.Optional;

/// What a simulated phone does with the MSRP session of a large message; the INVITE is answered by
/// its [PhoneScript].
///
/// @param mishap what goes wrong
/// @param after how many octets of the message it goes wrong
/// @param times how often it goes wrong, and is well after that; 0: always
/// @param octetsPerSecond how fast it reads; 0: as fast as it can
/// @param active whether it makes the connection where the sender leaves that open
/// @param connectDelay before it makes that connection
public record LargeScript(
        Mishap mishap,
        long after,
        int times,
        long octetsPerSecond,
        boolean active,
        Duration connectDelay) {

    /// What goes wrong.
    public sealed interface Mishap {

        /// Nothing.
        record None() implements Mishap {}

        /// A chunk is answered with this status.
        record RefuseChunk(int status) implements Mishap {
            public RefuseChunk {
                if (status < 300 || status > 999) {
                    throw new IllegalArgumentException(
                            "chunk: expected a status from 300 to 999, got " + status);
                }
            }
        }

        /// The connection ends in the middle of a chunk, and nothing is said over SIP.
        record Cut() implements Mishap {}

        /// The session is ended by a BYE.
        record Bye() implements Mishap {}

        /// It is active, and makes no connection.
        record NeverConnect() implements Mishap {}
    }

    /// Takes it all at once, over a connection of the sender's.
    public static final LargeScript FRIENDLY =
            new LargeScript(new Mishap.None(), 0, 0, 0, false, Duration.ZERO);

    public LargeScript {
        if (after < 0 || times < 0 || octetsPerSecond < 0 || connectDelay.isNegative()) {
            throw new IllegalArgumentException("large message: expected zero or more");
        }
    }

    /// Reads `413`, `413@1000`, `cut@50000`, `bye@50000`, `never`, where the number behind the @
    /// are octets.
    public LargeScript withMishap(String text) {
        var parts = text.split("@", -1);
        var number = parts.length == 2 ? number(parts[1]) : Optional.of(0L);
        var what =
                switch (parts[0]) {
                    case "cut" -> Optional.<Mishap>of(new Mishap.Cut());
                    case "bye" -> Optional.<Mishap>of(new Mishap.Bye());
                    case "never" -> Optional.<Mishap>of(new Mishap.NeverConnect());
                    default ->
                            number(parts[0])
                                    .<Mishap>map(status ->
                                            new Mishap.RefuseChunk(Math.toIntExact(status)));
                };
        if (parts.length > 2 || number.isEmpty() || what.isEmpty()) {
            throw new IllegalArgumentException(
                    "large message: expected STATUS, cut, bye or never, with @OCTETS, got " + text);
        }
        return withMishap(what.get(), number.get());
    }

    private static Optional<Long> number(String text) {
        return text.matches("[0-9]{1,15}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
    }

    public LargeScript withMishap(Mishap wanted, long afterOctets) {
        return new LargeScript(
                wanted,
                afterOctets,
                times,
                octetsPerSecond,
                active || wanted instanceof Mishap.NeverConnect,
                connectDelay);
    }

    public LargeScript withTimes(int wanted) {
        return new LargeScript(mishap, after, wanted, octetsPerSecond, active, connectDelay);
    }

    public LargeScript withOctetsPerSecond(long octets) {
        return new LargeScript(mishap, after, times, octets, active, connectDelay);
    }

    public LargeScript withActive(boolean wanted) {
        return new LargeScript(mishap, after, times, octetsPerSecond, wanted, connectDelay);
    }

    /// Active, and late.
    public LargeScript withConnectDelay(Duration delay) {
        return new LargeScript(mishap, after, times, octetsPerSecond, true, delay);
    }
}
