package org.fanfare.cli.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// One measurement of Large Message Mode.
///
/// @param recipients on each list
/// @param size octets of a message, CPIM headers included
/// @param messages measured, one after another
/// @param chunk octets of content in a chunk, on both sides of the server; 0 is one interruptible
///   chunk
/// @param slowPercent of the recipients that read slowly
/// @param parallel sessions that the server begins with, `policy.parallel-legs`
/// @param ledger whether the server keeps what it accepts on disk
/// @param folder for ledger and spool of the server under load
public record LargeLoad(
        int recipients,
        int size,
        int messages,
        int chunk,
        int slowPercent,
        int parallel,
        boolean ledger,
        Path folder) {

    private boolean isSlow(int recipient) {
        return recipient % 100 * slowPercent % 100 >= 100 - slowPercent;
    }

    /// Those on the list who read as fast as they can.
    List<String> healthy() {
        return list(false);
    }

    /// All on the list.
    List<String> everybody() {
        return list(true);
    }

    private List<String> list(boolean withSlow) {
        return IntStream.range(0, recipients)
                .filter(i -> withSlow || !isSlow(i))
                .mapToObj(i -> "sip:" + (isSlow(i) ? Callee.SLOW : "r") + i + "@home.example")
                .toList();
    }

    /// What the server under load is told, beside its defaults.
    List<String> settings(int responderPort) {
        var settings =
                new ArrayList<>(
                        List.of(
                                "core.route=sip:127.0.0.1:" + responderPort + ";transport=tcp",
                                "listen.sip=[\"udp:127.0.0.1:0\", \"tcp:127.0.0.1:0\"]",
                                "listen.admin=127.0.0.1:0",
                                "listen.msrp=[\"tcp:127.0.0.1:0\"]",
                                "policy.max-recipients=100000",
                                "policy.msrp-chunk=" + chunk,
                                "policy.parallel-legs=" + parallel,
                                "limits.open-sessions=" + Math.max(2000, recipients),
                                "spool.directory=" + folder.resolve("spool")));
        settings.add("ledger.url=" + (ledger ? "file:" + folder.resolve("ledger") : "\"memory:\""));
        return settings;
    }
}
