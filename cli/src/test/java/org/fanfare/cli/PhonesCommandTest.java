package org.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class PhonesCommandTest {

    @TempDir Path folder;

    @SuppressWarnings("NullAway.Init")
    private Lab lab;

    @BeforeEach
    void openLab() throws Exception {
        lab = new Lab(folder);
    }

    @AfterEach
    void closeLab() {
        lab.close();
    }

    private Launched phones(String... more) throws IOException {
        var all = new ArrayList<>(List.of("phones", "--via", lab.via(), "--json"));
        all.addAll(List.of(more));
        return Launched.fanfare(folder, all.toArray(String[]::new));
    }

    private Ran send(int recipients) {
        var all =
                new ArrayList<>(
                        List.of(
                                "send",
                                "--from=sip:alice@home.example",
                                "--via=" + lab.via(),
                                "--exploder=" + Lab.EXPLODER,
                                "--text=Hello",
                                "--json"));
        for (int i = 1; i <= recipients; i++) {
            all.add("--to=sip:desk" + i + "@home.example");
        }
        return Ran.fanfare(all.toArray(String[]::new));
    }

    @Test
    void allRegisterAndAnswerAsToldAfterTheDelay() throws Exception {
        try (var phones = phones("--count=3", "--prefix=sip:desk", "--answer=486", "--delay=300")) {
            phones.awaitLine("\"registered\":3");
            long began = System.nanoTime();

            var sent = send(3);

            assertThat(System.nanoTime() - began).isGreaterThan(300_000_000L);
            assertThat(sent.status()).isEqualTo(ExitStatus.FAILED_FOR_ALL);
            assertThat(sent.lastEvent().get("status").asInt()).isEqualTo(486);
            phones.awaitLine("\"answers\":\\{\"486\":3\\}");
        }
    }

    @Test
    void whatChangesLongAfterAMessageIsToldAsWell() throws Exception {
        try (var phones =
                phones("--count=2", "--prefix=sip:desk", "--answer=486", "--delay=2500")) {
            phones.awaitLine("\"registered\":2");

            send(2);

            phones.awaitLine("\"messages\":2,.*\"answers\":\\{\\}");
            phones.awaitLine("\"answers\":\\{\"486\":2\\}");
        }
    }

    @Test
    void silentPhonesSayNothing() throws Exception {
        lab.close();
        lab = new Lab(folder, "policy.collecting-time=1s");
        try (var phones = phones("--count=2", "--prefix=desk", "--silent=100")) {
            phones.awaitLine("\"registered\":2");

            assertThat(send(2).lastEvent().get("status").asInt()).isEqualTo(202);
            phones.awaitLine("\"silent\":2,\"answers\":\\{\\}");
        }
    }

    @Test
    void largeMessagesAreTakenOrGoWrongAsTold() throws Exception {
        var film = Files.write(folder.resolve("film.mp4"), new byte[300_000]);
        var one =
                List.of(
                        "send",
                        "--from=sip:alice@home.example",
                        "--via=" + lab.via(),
                        "--file=" + film,
                        "--json");
        try (var good = phones("--count=1", "--prefix=good", "--active", "--rate=1000000");
                var bad = phones("--count=1", "--prefix=bad", "--large=413@100000")) {
            good.awaitLine("\"registered\":1");
            bad.awaitLine("\"registered\":1");

            assertThat(sendTo(one, "sip:good1@home.example").status()).isEqualTo(ExitStatus.DONE);
            good.awaitLine("\"large\":1,\"octets\":300\\d\\d\\d");
            var refused = sendTo(one, "sip:bad1@home.example");
            assertThat(refused.status()).isEqualTo(ExitStatus.FAILED_FOR_ALL);
            // After its 413 it still counts what is on its way already: under load, anything.
            bad.awaitLine("\"large\":0,\"octets\":[123]\\d{5}\\b");
        }
    }

    private static Ran sendTo(List<String> command, String recipient) {
        var all = new ArrayList<>(command);
        all.add("--to=" + recipient);
        return Ran.fanfare(all.toArray(String[]::new));
    }

    @Test
    void aScriptThatCannotBeReadIsWrongUsage() {
        var ran = Ran.fanfare("phones", "--via=127.0.0.1:9", "--answer=200:many");

        assertThat(ran.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(ran.err()).contains("CODE[:weight]");
        assertThat(Ran.fanfare("phones", "--via=127.0.0.1:9", "--silent=101").status())
                .isEqualTo(ExitStatus.USAGE);
        assertThat(Ran.fanfare("phones", "--via=127.0.0.1:9", "--large=explode").err())
                .contains("expected STATUS, cut, bye or never");
        assertThat(Ran.fanfare("phones", "--via=127.0.0.1:9", "--count=0").status())
                .isEqualTo(ExitStatus.USAGE);
    }
}
