package org.fanfare.cli.bench;

import org.fanfare.sip.transport.TransportProtocol;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// One measurement: what is sent, how, and against what.
///
/// @param recipients on each list
/// @param messages measured; as many legs as this times `recipients`
/// @param deadPercent of the recipients never answer
/// @param transport of the copies; over TLS the messages come to the server over TLS too
/// @param ledger whether the server keeps what it accepts on disk
/// @param folder for the ledger of the server under load, and for certificates
public record PagerLoad(
        int recipients,
        int messages,
        int deadPercent,
        TransportProtocol transport,
        boolean ledger,
        Path folder) {

    private static final int OPEN_LEGS = 10_000;

    int legs() {
        return recipients * messages;
    }

    private boolean isDead(int recipient) {
        return recipient % 100 < deadPercent;
    }

    /// How many on the list answer.
    int living() {
        return (int) IntStream.range(0, recipients).filter(i -> !isDead(i)).count();
    }

    /// The same, and everybody answers.
    PagerLoad withoutDead() {
        return new PagerLoad(recipients, messages, 0, transport, ledger, folder);
    }

    /// The list; who is called `dead` never answers.
    List<String> uris() {
        return IntStream.range(0, recipients)
                .mapToObj(i -> "sip:" + (isDead(i) ? "dead" : "r") + i + "@home.example")
                .toList();
    }

    boolean overTls() {
        return transport == TransportProtocol.TLS;
    }

    /// What the server under load is told, beside its defaults. All the dead are open at once when
    /// the living are through: a list that is longer than `limits.open-legs` would wait for them.
    List<String> settings(int responderPort) {
        var settings =
                new ArrayList<>(
                        List.of(
                                "core.route=sip:127.0.0.1:"
                                        + responderPort
                                        + ";transport="
                                        + transport.parameter(),
                                "listen.sip=[\"udp:127.0.0.1:0\", \"%s:127.0.0.1:0\"]"
                                        .formatted(overTls() ? "tls" : "tcp"),
                                "listen.admin=127.0.0.1:0",
                                "listen.msrp=[\"tcp:127.0.0.1:0\"]",
                                "policy.max-recipients=100000",
                                "ledger.url="
                                        + (ledger
                                                ? "file:" + folder.resolve("ledger")
                                                : "\"memory:\"")));
        if (deadPercent > 0) {
            settings.add("limits.open-legs=" + (OPEN_LEGS + 2 * legs() * deadPercent / 100));
        }
        return settings;
    }
}
