package org.fanfare.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.fanfare.pf.StoreFailure;
import org.fanfare.store.Mailbox.Change;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/// A mailbox as its user's client reads it, at a server without CONDSTORE and NOTIFY.
class MailboxTest {

    private static final String ALICE = "sip:alice@home.example";
    private static final Duration LONG = Duration.ofMinutes(5);

    private final MailServer mail = new MailServer();

    @AfterEach
    void stop() {
        mail.close();
    }

    private long put(String folder, String subject) {
        return mail.put("alice", folder, "Subject: " + subject + "\r\nFrom: a@b\r\n\r\nHello");
    }

    private Mailbox open(MailboxState state) throws StoreFailure {
        return Mailbox.open(mail.settings(), ALICE, state);
    }

    private static List<Change> changes(Mailbox mailbox) throws StoreFailure {
        var changes = new ArrayList<Change>();
        mailbox.changes(changes::add);
        return changes;
    }

    private static List<String> subjects(List<Change> changes) {
        return changes.stream()
                .map(change ->
                        switch (change) {
                            case Change.Appeared(var item) -> item.header("Subject").orElse("");
                            case Change other -> other.toString();
                        })
                .toList();
    }

    @Test
    void theFirstTimeAllIsNewAndTheSecondTimeWhatCameSince() throws Exception {
        put("Default.one", "1");
        put("Default.two", "2");
        MailboxState state;
        try (var mailbox = open(MailboxState.NOTHING)) {
            assertThat(subjects(changes(mailbox))).containsExactlyInAnyOrder("1", "2");
            assertThat(changes(mailbox)).isEmpty();
            state = mailbox.state();
        }
        long uid = put("Default.one", "3");
        put("Default.three", "4");

        try (var mailbox = open(state)) {
            var changes = changes(mailbox);

            assertThat(subjects(changes)).containsExactlyInAnyOrder("3", "4");
            assertThat(changes)
                    .filteredOn(c -> c instanceof Change.Appeared(var i) && i.uid().value() == uid)
                    .hasSize(1);
        }
    }

    // N2
    @Test
    void aFolderWithAnotherValidityStartsOver() throws Exception {
        put("Default.one", "1");
        MailboxState state;
        try (var mailbox = open(MailboxState.NOTHING)) {
            changes(mailbox);
            state = mailbox.state();
        }
        var folder = Objects.requireNonNull(state.folders().get("Default.one"));
        var other =
                new MailboxState.Folder(
                        folder.validity() + 1, folder.next(), folder.modified(), folder.count());

        try (var mailbox = open(new MailboxState(Map.of("Default.one", other)))) {
            assertThat(subjects(changes(mailbox)))
                    .containsExactly(new Change.StartedOver("one").toString(), "1");
            assertThat(mailbox.state()).isEqualTo(state);
        }
    }

    @Test
    void aFolderThatIsGoneIsToldOnce() throws Exception {
        var gone = new MailboxState.Folder(7, 4, 0, 3);
        try (var mailbox = open(new MailboxState(Map.of("Default.old", gone)))) {
            assertThat(changes(mailbox)).containsExactly(new Change.Vanished("old", 3));
            assertThat(changes(mailbox)).isEmpty();
        }
    }

    /// The wait is far longer than the time-out for answers, so that only what the server says, or
    /// the end, can be what ends it.
    @Test
    void whatComesWhileTheServerIsListenedToEndsTheWait() throws Exception {
        put("Default.one", "1");
        try (var mailbox = open(MailboxState.NOTHING)) {
            changes(mailbox);
            var waiting = new CountDownLatch(1);
            mail.door().lines(whenSeen("+", waiting));
            var arrival =
                    Thread.ofVirtual()
                            .start(() -> {
                                awaitQuietly(waiting);
                                put("Default.one", "2");
                            });
            mailbox.await(LONG);

            arrival.join();
            assertThat(subjects(changes(mailbox))).containsExactly("2");
        }
    }

    @Test
    void whatCameBeforeTheServerIsListenedToEndsTheWaitAtOnce() throws Exception {
        put("Default.one", "1");
        try (var mailbox = open(MailboxState.NOTHING)) {
            changes(mailbox);
            put("Default.one", "2");

            mailbox.await(LONG);

            assertThat(subjects(changes(mailbox))).containsExactly("2");
        }
    }

    @Test
    void theWaitCanBeStopped() throws Exception {
        try (var mailbox = open(MailboxState.NOTHING)) {
            var waiting = new CountDownLatch(1);
            mail.door().lines(whenSeen("+", waiting));
            var end =
                    Thread.ofVirtual()
                            .start(() -> {
                                awaitQuietly(waiting);
                                mailbox.stop();
                            });
            mailbox.await(LONG);

            end.join();
            assertThat(changes(mailbox)).as("the connection is well").isEmpty();
        }
    }

    /// Only a look finds what comes to a folder that the server does not tell of.
    @Test
    void whereTheServerTellsOfOneFolderTheOthersAreLookedAtNowAndThen() throws Exception {
        put("Default.one", "1");
        put("Default.two", "2");
        try (var mailbox = open(MailboxState.NOTHING)) {
            changes(mailbox);
            put("Default.one", "3");
            assertThat(subjects(changes(mailbox))).containsExactly("3");
            put("Default.two", "4");

            mailbox.await(Duration.ofMillis(200));

            assertThat(subjects(changes(mailbox))).containsExactly("4");
        }
    }

    @Test
    void aServerWithoutIdleIsAskedNowAndThen() throws Exception {
        mail.door().lines(line -> line.replace("IDLE", "NOIDEA"));
        try (var mailbox = open(MailboxState.NOTHING)) {
            mailbox.await(Duration.ofMillis(50));

            put("Default.one", "1");
            assertThat(subjects(changes(mailbox))).containsExactly("1");
        }
    }

    // N1
    @Test
    void aServerThatIsSilentWhenTheWaitEndsHasGone() throws Exception {
        try (var mailbox = open(MailboxState.NOTHING)) {
            mail.door().lines(line -> line.startsWith("+") ? line : "");

            assertThatThrownBy(
                            () -> {
                                mail.door().lines(hangAfterIdling());
                                mailbox.await(Duration.ofMillis(50));
                            })
                    .isInstanceOf(StoreFailure.class);
        }
    }

    private static Function<String, String> hangAfterIdling() {
        var idling = new AtomicBoolean();
        return line -> {
            if (idling.get()) {
                return "";
            }
            idling.set(line.startsWith("+"));
            return line;
        };
    }

    private static Function<String, String> whenSeen(String start, CountDownLatch seen) {
        return line -> {
            if (line.startsWith(start)) {
                Thread.ofVirtual().start(seen::countDown);
            }
            return line;
        };
    }

    private static void awaitQuietly(CountDownLatch latch) {
        await().until(() -> latch.getCount() == 0);
    }

    @Test
    void aServerThatTricklesIsLeftWhenTheTimeIsOver() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var client = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort())) {
            assertThatThrownBy(() ->
                            Mailbox.within(
                                    Duration.ofMillis(50), () -> client.getInputStream().read()))
                    .isInstanceOf(StoreFailure.class)
                    .hasMessageContaining("not done in");

            await().until(client::isClosed);
        }
    }

    @Test
    void whatNoServerCanMeanEndsTheConnectionInsteadOfFillingTheMemory() throws Exception {
        put("Default.one", "1");
        for (var nonsense :
                List.<Function<String, String>>of(
                        // a literal of 2 GB
                        line -> line.replaceAll("\\{\\d+}\r\n", "{2147483630}\r\n"),
                        line -> line.replaceAll("\\{\\d+}\r\n", "{1999999999}\r\n"),
                        // numbers of objects
                        line -> line.replaceAll("\\d+ EXISTS", "2000000000 EXISTS"),
                        line -> line.replaceAll("MESSAGES \\d+", "MESSAGES 2000000000"),
                        line -> line.replaceAll("UIDNEXT \\d+", "UIDNEXT 99999999999"),
                        line -> line.replaceAll("UIDVALIDITY \\d+", "UIDVALIDITY 0"),
                        line -> line.replaceAll("UID \\d+", "UID 0"),
                        // one line, many lines
                        line -> line.startsWith("* STATUS") ? "* " + "x".repeat(3 << 20) : line,
                        line ->
                                line.startsWith("* STATUS")
                                        ? ("* OK " + "x".repeat(900_000) + "\r\n").repeat(50)
                                        : line)) {
            mail.door().lines(nonsense);
            assertThatThrownBy(
                            () -> {
                                try (var mailbox = open(MailboxState.NOTHING)) {
                                    changes(mailbox);
                                }
                            })
                    .isInstanceOf(StoreFailure.class);
            mail.door().wellAgain();
        }
    }
}
