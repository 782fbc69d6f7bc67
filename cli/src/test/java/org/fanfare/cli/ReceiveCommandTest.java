package org.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

class ReceiveCommandTest {

    private static final String BOB = "sip:bob@home.example";

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

    private Ran send(String... what) {
        var all =
                new ArrayList<>(
                        List.of(
                                "send",
                                "--from=sip:alice@home.example",
                                "--via=" + lab.via(),
                                "--to=" + BOB,
                                "--json"));
        all.addAll(List.of(what));
        return Ran.fanfare(all.toArray(String[]::new));
    }

    @Test
    void itEndsAfterSoManyMessagesAndTellsEachWithTheKeysOfTheContract() throws Exception {
        try (var bob =
                Launched.fanfare(
                        folder,
                        "receive",
                        "--as",
                        BOB,
                        "--via",
                        lab.via(),
                        "--count=2",
                        "--json")) {
            bob.awaitLine("registered as " + BOB);

            var first = send("--text=One").lastEvent();
            bob.awaitLine("\"text\":\"One\""); // it is answered before it is shown
            send("--text=Two \u2603");

            var ran = bob.ended();
            assertThat(ran.status()).isEqualTo(ExitStatus.DONE);
            assertThat(ran.events()).hasSize(2);
            var message = ran.events().getFirst();
            assertThat(message.get("from").asString()).isEqualTo("sip:alice@home.example");
            assertThat(message.get("to").asString()).isEqualTo(BOB);
            assertThat(message.get("contentType").asString()).isEqualTo("text/plain");
            assertThat(message.get("text").asString()).isEqualTo("One");
            assertThat(message.get("mode").asString()).isEqualTo("pager");
            assertThat(message.get("contributionId")).isEqualTo(first.get("contributionId"));
            assertThat(message.get("conversationId")).isEqualTo(first.get("conversationId"));
            assertThat(message.has("messageId")).isTrue();
            assertThat(ran.lastEvent().get("text").asString()).isEqualTo("Two \u2603");
        }
    }

    @Test
    void contentThatIsNoTextIsKeptInAFile() throws Exception {
        var octets = new byte[] {0, 1, 2, (byte) 255, '\r', '\n'};
        var picture = Files.write(folder.resolve("dot.png"), octets);
        var kept = folder.resolve("kept");
        try (var bob = Phone.registered(lab.via(), BOB, "--count=1", "--folder=" + kept)) {
            send("--file=" + picture);

            var message = bob.ended().lastEvent();
            assertThat(message.get("contentType").asString()).isEqualTo("image/png");
            var file = Path.of(message.get("file").asString());
            assertThat(file.getParent()).isEqualTo(kept);
            assertThat(file).hasBinaryContent(octets);
        }
    }

    @Test
    void contentOfAnyKindIsKeptUnderANameThatSaysNoMore() throws Exception {
        var octets = Files.write(folder.resolve("dump"), new byte[] {0, 1, 2, (byte) 255});
        var kept = folder.resolve("kept");
        try (var bob = Phone.registered(lab.via(), BOB, "--count=1", "--folder=" + kept)) {
            send("--file=" + octets);

            var message = bob.ended().lastEvent();
            assertThat(message.get("contentType").asString()).isEqualTo("application/octet-stream");
            assertThat(message.get("file").asString()).matches(".*/message-\\d+\\.bin");
        }
    }

    @Test
    void contentThatCannotBeKeptIsSaidAndIsNotReceived() throws Exception {
        var picture = Files.write(folder.resolve("dot.png"), new byte[] {0, 1});
        var kept = folder.resolve("kept");
        try (var bob = Phone.registered(lab.via(), BOB, "--count=1", "--folder=" + kept)) {
            Files.delete(kept);
            Files.writeString(kept, "a file in the way");
            send("--file=" + picture);
            bob.awaitSaid("fanfare: --folder: content cannot be kept");

            send("--text=Hello");

            var ran = bob.ended();
            assertThat(ran.status()).isEqualTo(ExitStatus.CONFIGURATION);
            assertThat(ran.events()).hasSize(1);
            assertThat(ran.lastEvent().get("text").asString()).isEqualTo("Hello");
        }
    }

    @Test
    void aMessageThatCannotBeNotedIsReceivedAndTheStatusSaysThatSomethingIsWrong()
            throws Exception {
        try (var bob = Phone.registered(lab.via(), BOB, "--count=1", "--history=/dev/full")) {
            var sent = send("--text=Hello", "--imdn=display", "--wait=60");

            assertThat(sent.out()).contains("\"state\":\"displayed\"");
            var ran = bob.ended();
            assertThat(ran.status()).isEqualTo(ExitStatus.CONFIGURATION);
            assertThat(ran.lastEvent().get("text").asString()).isEqualTo("Hello");
            assertThat(ran.err()).contains("--history: cannot be written");
        }
    }

    @Test
    void whatCannotBeWrittenIsFoundBeforeAnythingIsReceived() throws Exception {
        var file = Files.writeString(folder.resolve("file"), "");
        for (var option : List.of("--folder=" + file, "--history=" + file.resolve("history"))) {
            var ran = Ran.fanfare("receive", "--as", BOB, "--via", lab.via(), option);

            assertThat(ran.status()).isEqualTo(ExitStatus.CONFIGURATION);
            assertThat(ran.err()).contains(option.split("=", 2)[0]).doesNotContain("registered");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--expires=600", "--active"})
    void aLargeMessageIsKeptInAFileOfItsLength(String option) throws Exception {
        var octets = new byte[500_000];
        new Random(1).nextBytes(octets);
        var film = Files.write(folder.resolve("film.mp4"), octets);
        var kept = folder.resolve("kept");
        try (var bob = Phone.registered(lab.via(), BOB, "--count=1", "--folder=" + kept, option)) {
            var sent = send("--file=" + film);
            assertThat(sent.status()).as(sent.out() + sent.err()).isEqualTo(ExitStatus.DONE);

            var message = bob.ended().lastEvent();
            assertThat(message.get("mode").asString()).isEqualTo("large");
            assertThat(message.get("contentType").asString()).isEqualTo("video/mp4");
            assertThat(message.get("octets").asInt()).isEqualTo(500_000);
            assertThat(message.get("contributionId"))
                    .isEqualTo(sent.lastEvent().get("contributionId"));
            var file = Path.of(message.get("file").asString());
            assertThat(file.getParent()).isEqualTo(kept);
            assertThat(file.getFileName().toString()).matches("message-\\d+\\.mp4");
            assertThat(file).hasBinaryContent(octets);
        }
    }

    @Test
    void whoHasEndedIsNotRegisteredAnyMore() throws Exception {
        try (var bob = Phone.registered(lab.via(), BOB, "--count=1")) {
            send("--text=One");
            bob.ended();
        }

        assertThat(send("--text=Two").status()).isEqualTo(ExitStatus.FAILED_FOR_ALL);
    }

    @Test
    void withoutACoreThereIsNoAnswer() throws Exception {
        try (var nobody = Lab.nobody()) {
            var via = "127.0.0.1:" + nobody.getLocalPort() + ";transport=tcp";

            var ran = Ran.fanfare("receive", "--as", BOB, "--via", via);

            assertThat(ran.status()).isEqualTo(ExitStatus.NO_ANSWER);
            assertThat(ran.err())
                    .contains("no answer from sip:" + via, "registration: cannot reach");
        }
    }
}
