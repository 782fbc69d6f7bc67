package org.fanfare.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.pf.StoreFailure;
import org.fanfare.store.ImapSettings;
import org.fanfare.store.Mailbox;
import org.fanfare.store.Mailbox.Change;
import org.fanfare.store.MailboxNames;
import org.fanfare.store.MailboxState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;

/// `fanfare inbox` in step with a mailbox in Dovecot, which has CONDSTORE, IDLE and NOTIFY.
class InboxPeerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int MORE_THAN_ARE_READ_AT_ONCE = 201;

    @TempDir Path folder;

    private Dovecot dovecot;

    @BeforeEach
    void startStore() throws Exception {
        dovecot = new Dovecot(folder.resolve("dovecot"));
    }

    @AfterEach
    void stopStore() {
        if (dovecot != null) {
            dovecot.close();
        }
    }

    private PeerProcess inbox(String... more) throws Exception {
        var arguments =
                new ArrayList<>(
                        List.of(
                                "inbox",
                                "--store",
                                dovecot.uri(),
                                "--as",
                                "sip:alice@home.example",
                                "--password-file",
                                dovecot.passwordOfAlice().toString(),
                                "--state",
                                folder.resolve("state").toString(),
                                "--json"));
        arguments.addAll(List.of(more));
        return FanfareServe.fanfare(folder.resolve("inbox"), arguments.toArray(String[]::new));
    }

    private String once(String... more) throws Exception {
        try (var inbox = inbox(more)) {
            assertThat(inbox.awaitEnd(PATIENCE)).as(inbox.output()).isZero();
            return inbox.output();
        }
    }

    @Test
    void theSecondTimeItShowsWhatIsNewChangedAndGone() throws Exception {
        dovecot.put("Default/one", "Contribution-ID: c1\r\n\r\nHello");
        dovecot.put("Default/one", "Contribution-ID: c2\r\n\r\nHello");
        dovecot.put("Default/two", "Contribution-ID: c3\r\n\r\nHello");
        assertThat(once())
                .contains("\"contributionId\":\"c1\"")
                .contains("\"contributionId\":\"c2\"")
                .contains("\"contributionId\":\"c3\"")
                .contains("\"new\":3,\"changed\":0,\"removed\":0,\"complete\":true");
        assertThat(once())
                .doesNotContain("contributionId")
                .contains("\"new\":0,\"changed\":0,\"removed\":0,\"complete\":false");

        dovecot.put("Default/two", "Contribution-ID: c4\r\n\r\nHello");
        dovecot.flag("Default/one", 1, jakarta.mail.Flags.Flag.SEEN);
        dovecot.remove("Default/one", 2);

        assertThat(once())
                .containsPattern("\"contributionId\":\"c4\".*\"change\":\"new\"")
                .containsPattern(
                        "\"contributionId\":\"c1\".*\"change\":\"changed\","
                                + "\"flags\":\\[\"\\\\\\\\Seen\"\\]")
                .contains("{\"event\":\"removed\",\"folder\":\"one\",\"count\":1}")
                .contains("\"new\":1,\"changed\":1,\"removed\":1,\"complete\":false");
        assertThat(once("--all"))
                .contains("\"new\":3,\"changed\":0,\"removed\":0,\"complete\":true");
    }

    // N2
    @Test
    void aFolderThatIsMadeAgainStartsOver() throws Exception {
        dovecot.put("Default/one", "Contribution-ID: c1\r\n\r\nHello");
        once();
        dovecot.delete("Default/one");
        dovecot.put("Default/one", "Contribution-ID: c2\r\n\r\nHello");

        assertThat(once())
                .contains("{\"event\":\"started-over\",\"folder\":\"one\"}")
                .contains("\"contributionId\":\"c2\"")
                .doesNotContain("\"contributionId\":\"c1\"");
    }

    // N1
    @Test
    void watchingItShowsWhatComesAlsoAfterTheStoreWasAwayAndEndsWhenTold() throws Exception {
        dovecot.put("Default/one", "Contribution-ID: c1\r\n\r\nHello");
        dovecot.put("Default/two", "Contribution-ID: c2\r\n\r\nHello");
        try (var inbox = inbox("--watch", "--every", "3600")) {
            inbox.awaitOutput("\"new\":2,", PATIENCE);

            dovecot.put("Default/one", "Contribution-ID: c3\r\n\r\nHello");
            inbox.awaitOutput("\"contributionId\":\"c3\"", PATIENCE);
            dovecot.put("Default/two", "Contribution-ID: c4\r\n\r\nHello");
            inbox.awaitOutput("\"contributionId\":\"c4\"", PATIENCE);
            dovecot.put("Default/three", "Contribution-ID: c5\r\n\r\nHello");
            inbox.awaitOutput("\"contributionId\":\"c5\"", PATIENCE);
            dovecot.flag("Default/one", 1, jakarta.mail.Flags.Flag.SEEN);
            inbox.awaitOutput("\"change\":\"changed\"", PATIENCE);

            dovecot.stop();
            inbox.awaitOutput("\"event\":\"lost\"", PATIENCE);
            dovecot.start();
            dovecot.put("Default/one", "Contribution-ID: c6\r\n\r\nHello");
            inbox.awaitOutput("\"contributionId\":\"c6\"", PATIENCE);

            inbox.terminate();
            assertThat(inbox.awaitEnd(PATIENCE)).isZero();
            assertThat(inbox.output().split("\"contributionId\":\"c1\"", -1))
                    .as("told when it was new, and when it changed")
                    .hasSize(3);
            assertThat(inbox.output().split("\"contributionId\":\"c2\"", -1)).hasSize(2);
        }
        assertThat(once()).as("all is known").doesNotContain("contributionId");
    }

    private Mailbox mailbox() throws Exception {
        var names = new MailboxNames("{user}@{domain}", "home.example");
        var settings = ImapSettings.of(URI.create(dovecot.uri()), names, Dovecot.SECRET);
        return Mailbox.open(settings, "sip:alice@home.example", MailboxState.NOTHING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Default/one", "Default/two"})
    void aFlagThatHasChangedBeforeItIsWatchedEndsTheWaitAtOnce(String name) throws Exception {
        dovecot.put("Default/one", "Contribution-ID: c1\r\n\r\nHello");
        dovecot.put("Default/two", "Contribution-ID: c2\r\n\r\nHello");
        try (var mailbox = mailbox()) {
            mailbox.changes(_ -> {});
            dovecot.flag(name, 1, jakarta.mail.Flags.Flag.SEEN);

            var waiting =
                    new FutureTask<Boolean>(() -> {
                        mailbox.await(Duration.ofHours(1));
                        return true;
                    });
            Thread.ofVirtual().start(waiting);

            assertThat(waiting).succeedsWithin(PATIENCE);
        }
    }

    // N1
    @Test
    void whatHasChangedSinceAFirstReadingThatBrokeOffIsToldWhenItGoesOn() throws Exception {
        for (int i = 0; i < MORE_THAN_ARE_READ_AT_ONCE; i++) {
            dovecot.put("Default/one", "Subject: " + i + "\r\n\r\nHello");
        }
        try (var mailbox = mailbox()) {
            var told = new ArrayList<Change>();
            assertThatThrownBy(() ->
                            mailbox.changes(change -> {
                                if (told.size() == MORE_THAN_ARE_READ_AT_ONCE - 1) {
                                    throw new IllegalStateException("enough");
                                }
                                told.add(change);
                            }))
                    .isInstanceOf(StoreFailure.class);
            dovecot.flag("Default/one", 1, jakarta.mail.Flags.Flag.SEEN);
            told.clear();

            mailbox.changes(told::add);

            assertThat(told).hasExactlyElementsOfTypes(Change.Appeared.class, Change.Altered.class);
        }
    }
}
