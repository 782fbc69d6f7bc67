package org.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.store.MailboxState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

class StateFileTest {

    private static final MailboxState STATE =
            new MailboxState(
                    Map.of(
                            "Default/one", new MailboxState.Folder(7, 4_294_967_296L, 0, 3),
                            "Default/\u00e4", new MailboxState.Folder(8, 1, Long.MAX_VALUE, 0)));

    @TempDir Path folder;

    private StateFile file(String mailbox) {
        return new StateFile(folder.resolve("made/state.json"), mailbox);
    }

    @Test
    void whatWasSavedIsThereTheNextTimeForItsOwnerAlone() throws Exception {
        assertThat(file("alice").load()).isNull();
        file("alice").save(MailboxState.NOTHING);
        file("alice").save(STATE);

        assertThat(file("alice").load()).isEqualTo(STATE);
        try (var files = Files.list(folder.resolve("made"))) {
            assertThat(files).as("nothing else stays").hasSize(1);
        }
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(folder.resolve("made/state.json"))))
                .isEqualTo("rw-------");
    }

    @Test
    void theStateOfAnotherMailboxIsNotTaken() throws Exception {
        file("alice").save(STATE);

        assertThatThrownBy(() -> file("bob").load())
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("another mailbox, alice");
    }

    @Test
    void whatFanfareDoesNotWriteIsNamedInOneSentence() throws Exception {
        file("alice").save(STATE);
        var path = folder.resolve("made/state.json");
        var good = Files.readString(path);
        for (var bad :
                List.of(
                        "",
                        "{",
                        "null",
                        "[1]",
                        "\u0000\u0001",
                        "{\"version\":2}",
                        good.replace(":1,", ":\"1\","),
                        good.replace("[", "[\"x\","),
                        good.replace("[", "[-1,"),
                        good.replace("9223372036854775807", "9223372036854775808"),
                        good.replace("9223372036854775807", "1.5"),
                        good.replace("4294967296", "4294967297"))) {
            Files.writeString(path, bad);

            assertThatThrownBy(() -> file("alice").load())
                    .as(bad)
                    .isInstanceOf(CommandFailure.class)
                    .hasMessageContaining("delete it to see everything again")
                    .hasMessageNotContaining("\n");
        }
    }

    @Test
    void itLiesWhereADesktopKeepsStatesUnderANameOfItsOwn() {
        var home = Map.of("HOME", "/home/alice");

        assertThat(StateFile.usual(home, "sip:alice@home.example", "alice at one"))
                .hasParentRaw(Path.of("/home/alice/.local/state/fanfare"))
                .isNotEqualTo(StateFile.usual(home, "sip:alice@home.example", "alice at two"));
        assertThat(
                        StateFile.usual(
                                Map.of("HOME", "/h", "XDG_STATE_HOME", "/state"),
                                "sip:../../x@home.example",
                                "x"))
                .hasParentRaw(Path.of("/state/fanfare"));
        assertThat(StateFile.usual(Map.of("HOME", "/h", "XDG_STATE_HOME", "relative"), "a", "b"))
                .hasParentRaw(Path.of("/h/.local/state/fanfare"));
    }
}
