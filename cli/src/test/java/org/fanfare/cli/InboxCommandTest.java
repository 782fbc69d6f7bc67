package org.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.store.MailboxState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class InboxCommandTest {

    @TempDir Path folder;

    /// The pattern says which mailbox it is, as user, store and root do.
    @Test
    void theStateOfAMailboxOfAnotherNameIsNotTaken() throws Exception {
        try (var nobody = Lab.nobody()) {
            var store = "imap://127.0.0.1:" + nobody.getLocalPort();
            var usual = "sip:alice@home.example in " + store + " below Default";
            new StateFile(folder.resolve("state"), usual).save(MailboxState.NOTHING);

            assertThat(inbox(store).status()).isEqualTo(ExitStatus.NO_ANSWER);
            var other = inbox(store, "--mailbox={user}");

            assertThat(other.status()).isEqualTo(ExitStatus.CONFIGURATION);
            assertThat(other.err()).contains("is of another mailbox");
        }
    }

    private Ran inbox(String store, String... more) throws Exception {
        var secret = Files.writeString(folder.resolve("secret"), "secret\n");
        var all = new ArrayList<>(List.of("inbox", "--store", store));
        all.addAll(List.of("--as", "sip:alice@home.example"));
        all.addAll(List.of("--password-file", secret.toString()));
        all.addAll(List.of("--state", folder.resolve("state").toString()));
        all.addAll(List.of(more));
        return Ran.fanfare(all.toArray(String[]::new));
    }
}
