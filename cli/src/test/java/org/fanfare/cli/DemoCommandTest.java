package org.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

class DemoCommandTest {

    @TempDir Path folder;

    @Test
    void ninetyThreeOfAHundredPhonesShowTheMessageAndSevenSayWhyNot() throws Exception {
        try (var demo = Launched.fanfare(folder, "demo")) {
            var ran = demo.ended();

            assertThat(ran.status()).as(ran.err()).isEqualTo(ExitStatus.DONE);
            assertThat(ran.out())
                    .containsPattern("(?m)^ +93 +delivered$")
                    .containsPattern("(?m)^ +93 +displayed")
                    .containsPattern("(?m)^ +2 +failed: 486 ")
                    .containsPattern("(?m)^ +2 +failed: 415 ")
                    .containsPattern("(?m)^ +3 +failed: 480 ")
                    .containsPattern("first recipient after \\d+ ms, last after \\d+ ms; 200 ")
                    .contains("messages displayed: 93 of 93");
            assertThat(ran.out()).as("no terminal: lines, no bar").doesNotContain("\r", "\u001b");
            assertThat(ran.err()).isEmpty();
        }
    }

    @Test
    void aPictureReachesAllButThePhonesThatRefuseIt() throws Exception {
        try (var demo = Launched.fanfare(folder, "demo", "--large")) {
            var ran = demo.ended();

            assertThat(ran.status()).as(ran.out() + ran.err()).isEqualTo(ExitStatus.DONE);
            assertThat(ran.out())
                    .containsPattern("(?m)^ +98 +delivered$")
                    .containsPattern("(?m)^ +98 +displayed")
                    .containsPattern("(?m)^ +2 +failed: 486 ")
                    .containsPattern("(?m)^sending: (\\d+) of \\1 octets$");
            assertThat(ran.out()).doesNotContain("\r", "\u001b");
            assertThat(ran.err()).isEmpty();
        }
    }
}
