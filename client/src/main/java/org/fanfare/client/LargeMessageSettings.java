package org.fanfare.client;

import org.fanfare.msrp.MsrpEndpoint;
import org.fanfare.msrp.MsrpLimits;
import org.fanfare.sip.HeaderField;
import org.fanfare.sip.dialog.DialogSettings;
import org.fanfare.sip.transport.TlsSettings;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// How a client sends and receives large messages, and what it bears of them.
///
/// @param chunkOctets content of one chunk that is sent (reading 60); 0: one interruptible chunk
/// @param active whether to make the connection for a message that comes, where the sender leaves
///   it open; otherwise the sender makes it
/// @param memoryOctets up to which a message that comes is held in memory; what is longer goes into
///   a file
/// @param messageOctets the longest message that is taken; longer ones are refused, 488 by what is
///   announced, 413 (MSRP) by what comes
/// @param messages that may be coming at the same time; the next one is refused with 486
/// @param begunWithin from the answer to the first octets of a message that comes; over it the
///   session is ended; the same for the connection of a recipient who wants to make it
/// @param answeredWithin from an INVITE of ours to its final response; over it, it is cancelled
/// @param folder for messages that are too long for the memory
/// @param tls for MSRPS: what is sent goes over TLS, and what comes may; null for TCP alone. Whom
///   we connect to must be believed by it. Without a certificate in it the other side is always
///   connected to; with one it may connect as well, and proves itself only where the settings
///   demand it
public record LargeMessageSettings(
        int chunkOctets,
        boolean active,
        int memoryOctets,
        long messageOctets,
        int messages,
        Duration begunWithin,
        Duration answeredWithin,
        Path folder,
        @Nullable TlsSettings tls) {

    private static final int KI = 1024;

    public static final LargeMessageSettings DEFAULT =
            new LargeMessageSettings(
                    2 * KI,
                    false,
                    256 * KI,
                    1024L * KI * KI,
                    100,
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(90),
                    Path.of(System.getProperty("java.io.tmpdir")),
                    null);

    public LargeMessageSettings {
        if (chunkOctets < 0 || memoryOctets < 0 || messageOctets < 1 || messages < 1) {
            throw new IllegalArgumentException("large messages: a limit is too small");
        }
        if (!begunWithin.isPositive() || !answeredWithin.isPositive()) {
            throw new IllegalArgumentException("large messages: expected times above zero");
        }
    }

    /// Where the sessions of one client live, or those of all phones of a fleet.
    ///
    /// @param local where others reach us
    /// @param trusted whether any one peer may have as many connections as it likes
    MsrpEndpoint open(InetAddress local, boolean trusted) throws IOException {
        var limits = MsrpLimits.DEFAULT;
        var host = local.getHostAddress();
        var free = ":" + (host.contains(":") ? "[" + host + "]" : host) + ":0";
        var builder = MsrpEndpoint.builder().listen("tcp" + free);
        if (tls != null) {
            builder.tls(tls);
        }
        if (tls != null && tls.certified()) {
            builder.listen("tls" + free);
        }
        return builder.limits(
                        limits.withMessageOctets(messageOctets)
                                .withSending(chunkOctets, limits.unacknowledgedOctets()))
                .trusted(_ -> trusted)
                .start();
    }

    /// For the sessions of a user who calls himself so.
    DialogSettings sessions(String product) {
        return DialogSettings.DEFAULT
                .withGuard(answeredWithin)
                .withFields(
                        List.of(new HeaderField("User-Agent", product)),
                        List.of(new HeaderField("Server", product)));
    }

    public LargeMessageSettings withChunkOctets(int octets) {
        return new LargeMessageSettings(
                octets,
                active,
                memoryOctets,
                messageOctets,
                messages,
                begunWithin,
                answeredWithin,
                folder,
                tls);
    }

    public LargeMessageSettings withActive(boolean wanted) {
        return new LargeMessageSettings(
                chunkOctets,
                wanted,
                memoryOctets,
                messageOctets,
                messages,
                begunWithin,
                answeredWithin,
                folder,
                tls);
    }

    public LargeMessageSettings withMemoryOctets(int octets) {
        return new LargeMessageSettings(
                chunkOctets,
                active,
                octets,
                messageOctets,
                messages,
                begunWithin,
                answeredWithin,
                folder,
                tls);
    }

    public LargeMessageSettings withMessageOctets(long octets) {
        return new LargeMessageSettings(
                chunkOctets,
                active,
                memoryOctets,
                octets,
                messages,
                begunWithin,
                answeredWithin,
                folder,
                tls);
    }

    public LargeMessageSettings withMessages(int most) {
        return new LargeMessageSettings(
                chunkOctets,
                active,
                memoryOctets,
                messageOctets,
                most,
                begunWithin,
                answeredWithin,
                folder,
                tls);
    }

    public LargeMessageSettings withTimes(Duration begun, Duration answered) {
        return new LargeMessageSettings(
                chunkOctets,
                active,
                memoryOctets,
                messageOctets,
                messages,
                begun,
                answered,
                folder,
                tls);
    }

    public LargeMessageSettings withFolder(Path wanted) {
        return new LargeMessageSettings(
                chunkOctets,
                active,
                memoryOctets,
                messageOctets,
                messages,
                begunWithin,
                answeredWithin,
                wanted,
                tls);
    }

    public LargeMessageSettings withTls(TlsSettings wanted) {
        return new LargeMessageSettings(
                chunkOctets,
                active,
                memoryOctets,
                messageOctets,
                messages,
                begunWithin,
                answeredWithin,
                folder,
                wanted);
    }
}
