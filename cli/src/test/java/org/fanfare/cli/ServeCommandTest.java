package org.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class ServeCommandTest {

    @TempDir Path folder;

    @Test
    void itSaysWhereItListensServesAndEndsWithZeroAfterSigterm() throws Exception {
        try (var serve = serve()) {
            var port = serve.awaitLine("listening for=core address=tcp:127.0.0.1:(\\d+)");
            var admin = serve.awaitLine("listening for=admin address=(\\S+)");
            serve.awaitLine("event=ready ");

            var sent =
                    Ran.fanfare(
                            "send",
                            "--from=sip:alice@home.example",
                            "--via=127.0.0.1:" + port + ";transport=tcp",
                            "--to=sip:nobody@home.example",
                            "--text=Hello");

            assertThat(sent.status()).as(sent.err()).isEqualTo(ExitStatus.FAILED_FOR_ALL);
            assertThat(Ran.fanfare("status", "--admin", admin).out()).contains("server " + admin);
            assertThat(serve.terminate().ended().status()).isEqualTo(ExitStatus.DONE);
            assertThat(serve.err()).contains("event=stopped").containsOnlyOnce("insecure-users");
        }
    }

    private Launched serve() throws IOException {
        var arguments = new ArrayList<>(List.of("serve"));
        Lab.freePorts(folder).forEach(setting -> arguments.addAll(List.of("--set", setting)));
        return Launched.fanfare(folder, arguments.toArray(String[]::new));
    }

    @Test
    void theEffectiveConfigurationIsPrintedWithCommentsAndCanBeReadAgain() throws Exception {
        var printed = Ran.fanfare("serve", "--print-config", "--set", "policy.max-recipients=7");

        assertThat(printed.status()).isEqualTo(ExitStatus.DONE);
        assertThat(printed.out()).containsPattern("max-recipients: 7 +# ");

        var file = Files.writeString(folder.resolve("fanfare.yaml"), printed.out());
        var again = Ran.fanfare("serve", "--print-config", "--config", file.toString());
        assertThat(again).isEqualTo(printed);
    }

    @Test
    void anUnknownKeyIsNamedWithFileLineAndTheNearestKnownKey() throws Exception {
        var file = Files.writeString(folder.resolve("f.yaml"), "policy:\n  max-recipient: 3\n");

        var ran = Ran.fanfare("serve", "--config", file.toString());

        assertThat(ran.status()).isEqualTo(ExitStatus.CONFIGURATION);
        assertThat(ran.err())
                .startsWith("fanfare: " + file + ":2: policy.max-recipient:")
                .contains("policy.max-recipients");
    }

    @Test
    void anUnknownKeyOnTheCommandLineIsNamedToo() {
        var ran = Ran.fanfare("serve", "--set", "policy.max-recipient=3");

        assertThat(ran.status()).isEqualTo(ExitStatus.CONFIGURATION);
        assertThat(ran.err()).contains("--set policy.max-recipient=3: ", "policy.max-recipients");
    }

    @Test
    void aWrongTypeAndAHalfSetPairAreErrorsToo() {
        var type = Ran.fanfare("serve", "--set", "policy.max-recipients=many");
        var pair = Ran.fanfare("serve", "--set", "tls.certificate=cert.pem");

        assertThat(type.status()).isEqualTo(ExitStatus.CONFIGURATION);
        assertThat(type.err()).contains("policy.max-recipients", "many");
        assertThat(pair.status()).isEqualTo(ExitStatus.CONFIGURATION);
        assertThat(pair.err()).contains("tls.key");
    }

    @Test
    void aFileThatIsNotThereIsAConfigurationError() {
        var ran = Ran.fanfare("serve", "--config", folder.resolve("none.yaml").toString());

        assertThat(ran.status()).isEqualTo(ExitStatus.CONFIGURATION);
        assertThat(ran.err()).contains("none.yaml");
    }
}
