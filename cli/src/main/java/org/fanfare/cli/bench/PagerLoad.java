package org.fanfare.cli.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/// One measurement: what is sent, how, and against what.
///
/// @param recipients on each list
/// @param messages measured; as many legs as this times `recipients`
/// @param deadPercent of the recipients never answer
/// @param transport of the copies: `udp` or `tcp`
/// @param ledger whether the server keeps what it accepts on disk
/// @param folder for the ledger of the server under load
public record PagerLoad(
        int recipients,
        int messages,
        int deadPercent,
        String transport,
        boolean ledger,
        Path folder) {

    PagerLoad withoutDead() {
        return new PagerLoad(recipients, messages, 0, transport, ledger, folder);
    }

    int legs() {
        return recipients * messages;
    }

    boolean isDead(int recipient) {
        return recipient % 100 < deadPercent;
    }

    int healthy() {
        return (int) IntStream.range(0, recipients).filter(i -> !isDead(i)).count();
    }

    /// What the server under load is told, beside its defaults.
    List<String> settings(int responderPort) {
        return List.of(
                "core.route=sip:127.0.0.1:" + responderPort + ";transport=" + transport,
                "listen.sip=[\"udp:127.0.0.1:0\", \"tcp:127.0.0.1:0\"]",
                "listen.admin=127.0.0.1:0",
                "listen.msrp=[\"tcp:127.0.0.1:0\"]",
                "policy.max-recipients=100000",
                "ledger.url=" + (ledger ? "file:" + folder : "\"memory:\""));
    }
}
