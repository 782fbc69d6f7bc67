package org.fanfare.msrp;

import java.time.Duration;
import java.util.Collections;
import java.util.List;

/// What MSRP connections and sessions bear. Every one has a test.
///
/// @param headOctets start line and header fields of a message; more: closed (P4)
/// @param messageOctets a whole message, announced or come; more: 413 (P8)
/// @param openMessages messages of one session that have begun and not ended; more: 413
/// @param unknownPaths requests to paths that are no session; with this one the connection is
///   closed after its 481 (P6)
/// @param connectionsPerSource connections that one address may have open; the next one is closed
///   at once
/// @param connections connections that others made, in all; the next one is closed at once
/// @param chunkOctets content of one chunk that we send; 0: one interruptible chunk
/// @param unacknowledgedOctets content that may be under way without a response (not with one
///   interruptible chunk)
/// @param bindWithin from accepting a connection to its first request for a session, with the TLS
///   handshake; over it: closed (P13)
/// @param responseWithin from the end of a chunk to its response; over it: the message failed with
///   408 (RFC 4975 7.2)
/// @param progressWithin the longest time without any octet of a message that has begun, and
///   without the peer taking any of what we write; over it: closed (P15)
/// @param connectWithin for a connection of ours, with the TLS handshake
public record MsrpLimits(
        int headOctets,
        long messageOctets,
        int openMessages,
        int unknownPaths,
        int connectionsPerSource,
        int connections,
        int chunkOctets,
        int unacknowledgedOctets,
        Duration bindWithin,
        Duration responseWithin,
        Duration progressWithin,
        Duration connectWithin) {

    private static final int KI = 1024;

    public static final MsrpLimits DEFAULT =
            new MsrpLimits(
                    8 * KI,
                    100L * KI * KI,
                    8,
                    3,
                    64,
                    20_000,
                    2 * KI,
                    256 * KI,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(5));

    public MsrpLimits {
        check("headOctets", headOctets);
        check("messageOctets", messageOctets);
        check("openMessages", openMessages);
        check("unknownPaths", unknownPaths);
        check("connectionsPerSource", connectionsPerSource);
        check("connections", connections);
        check("chunkOctets", chunkOctets + 1L);
        check("unacknowledgedOctets", unacknowledgedOctets);
        check("bindWithin", bindWithin.toMillis());
        check("responseWithin", responseWithin.toMillis());
        check("progressWithin", progressWithin.toMillis());
        check("connectWithin", connectWithin.toMillis());
    }

    private static void check(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(
                    "limit " + name + ": must be at least 1, is " + value);
        }
    }

    Duration shortestTime() {
        return Collections.min(List.of(bindWithin, responseWithin, progressWithin, connectWithin));
    }

    public MsrpLimits withMessageOctets(long octets) {
        return new MsrpLimits(
                headOctets,
                octets,
                openMessages,
                unknownPaths,
                connectionsPerSource,
                connections,
                chunkOctets,
                unacknowledgedOctets,
                bindWithin,
                responseWithin,
                progressWithin,
                connectWithin);
    }

    public MsrpLimits withConnections(int perSource, int inAll) {
        return new MsrpLimits(
                headOctets,
                messageOctets,
                openMessages,
                unknownPaths,
                perSource,
                inAll,
                chunkOctets,
                unacknowledgedOctets,
                bindWithin,
                responseWithin,
                progressWithin,
                connectWithin);
    }

    public MsrpLimits withSending(int chunk, int unacknowledged) {
        return new MsrpLimits(
                headOctets,
                messageOctets,
                openMessages,
                unknownPaths,
                connectionsPerSource,
                connections,
                chunk,
                unacknowledged,
                bindWithin,
                responseWithin,
                progressWithin,
                connectWithin);
    }

    public MsrpLimits withTimes(
            Duration bind, Duration response, Duration progress, Duration connect) {
        return new MsrpLimits(
                headOctets,
                messageOctets,
                openMessages,
                unknownPaths,
                connectionsPerSource,
                connections,
                chunkOctets,
                unacknowledgedOctets,
                bind,
                response,
                progress,
                connect);
    }
}
