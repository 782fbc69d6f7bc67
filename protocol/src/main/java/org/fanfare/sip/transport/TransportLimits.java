package org.fanfare.sip.transport;

import java.time.Duration;
import java.util.Collections;
import java.util.List;

/// What the transports bear before they cut off. Every one has a test at, below and above it.
///
/// @param connectionsPerSource connections that one address may have open; trusted addresses are
///   not counted; the next one is closed at once (T1)
/// @param connections connections in all; beyond it the one that was idle for longest is closed,
///   and where none is idle the new one
/// @param firstMessageWithin from accepting a connection to the end of its first message, with the
///   TLS handshake; over it: closed (T1, T2)
/// @param headWithin from the first octet of a message to the end of its head; over it: closed
///   (M11)
/// @param progressWithin the longest time without any octet of a body that was announced, and
///   without the peer taking any of what we send; over it: closed (M8, T3)
/// @param connectWithin for a connection of ours, with the TLS handshake
/// @param sendQueueOctets what may wait for a peer that connected to us; beyond it: refused (T3)
/// @param hopQueueOctets what may wait for a next hop that we connected to; beyond it: refused
/// @param socketBufferOctets asked of the system for each UDP socket and direction
/// @param datagramsAtOnce read or sent by one call of the system, where it has such calls; each
///   takes 64 KiB of memory for each UDP socket
public record TransportLimits(
        int connectionsPerSource,
        int connections,
        Duration firstMessageWithin,
        Duration headWithin,
        Duration progressWithin,
        Duration connectWithin,
        int sendQueueOctets,
        int hopQueueOctets,
        int socketBufferOctets,
        int datagramsAtOnce) {

    private static final int KI = 1024;

    /// Of 1300 octets they fit into what the system sends as one.
    private static final int MOST_AT_ONCE = 50;

    public static final TransportLimits DEFAULT =
            new TransportLimits(
                    64,
                    20_000,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(5),
                    256 * KI,
                    4096 * KI,
                    4096 * KI,
                    1);

    public TransportLimits {
        check("connectionsPerSource", connectionsPerSource);
        check("connections", connections);
        check("firstMessageWithin", firstMessageWithin.toMillis());
        check("headWithin", headWithin.toMillis());
        check("progressWithin", progressWithin.toMillis());
        check("connectWithin", connectWithin.toMillis());
        check("sendQueueOctets", sendQueueOctets);
        check("hopQueueOctets", hopQueueOctets);
        check("socketBufferOctets", socketBufferOctets);
        check("datagramsAtOnce", datagramsAtOnce);
        if (datagramsAtOnce > MOST_AT_ONCE) {
            throw new IllegalArgumentException(
                    "limit datagramsAtOnce: must be at most "
                            + MOST_AT_ONCE
                            + ", is "
                            + datagramsAtOnce);
        }
    }

    private static void check(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(
                    "limit " + name + ": must be at least 1, is " + value);
        }
    }

    Duration shortestTime() {
        return Collections.min(
                List.of(firstMessageWithin, headWithin, progressWithin, connectWithin));
    }

    public TransportLimits withConnections(int perSource, int inAll) {
        return new TransportLimits(
                perSource,
                inAll,
                firstMessageWithin,
                headWithin,
                progressWithin,
                connectWithin,
                sendQueueOctets,
                hopQueueOctets,
                socketBufferOctets,
                datagramsAtOnce);
    }

    public TransportLimits withTimes(
            Duration firstMessage, Duration head, Duration progress, Duration connect) {
        return new TransportLimits(
                connectionsPerSource,
                connections,
                firstMessage,
                head,
                progress,
                connect,
                sendQueueOctets,
                hopQueueOctets,
                socketBufferOctets,
                datagramsAtOnce);
    }

    public TransportLimits withQueues(int sendQueue, int hopQueue) {
        return new TransportLimits(
                connectionsPerSource,
                connections,
                firstMessageWithin,
                headWithin,
                progressWithin,
                connectWithin,
                sendQueue,
                hopQueue,
                socketBufferOctets,
                datagramsAtOnce);
    }

    public TransportLimits withDatagramsAtOnce(int value) {
        return new TransportLimits(
                connectionsPerSource,
                connections,
                firstMessageWithin,
                headWithin,
                progressWithin,
                connectWithin,
                sendQueueOctets,
                hopQueueOctets,
                socketBufferOctets,
                value);
    }
}
