package org.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.client.PhoneScript;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

class SendCommandTest {

    private static final String BOB = "sip:bob1@home.example";
    private static final String CAROL = "sip:carol1@home.example";
    private static final String BUSY = "sip:busy1@home.example";

    @TempDir static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static Lab lab;

    @BeforeAll
    static void openLab() throws Exception {
        lab = new Lab(folder);
        lab.phones("bob", 2, PhoneScript.FRIENDLY);
        lab.phones("carol", 1, PhoneScript.FRIENDLY);
        lab.phones("busy", 1, PhoneScript.FRIENDLY.withAnswer(486));
    }

    @AfterAll
    static void closeLab() {
        lab.close();
    }

    private static String[] arguments(String... more) {
        var all =
                new ArrayList<>(
                        List.of(
                                "send",
                                "--from=sip:alice@home.example",
                                "--via=" + lab.via(),
                                "--exploder=" + Lab.EXPLODER,
                                "--json"));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private static Ran send(String... more) {
        return Ran.fanfare(arguments(more));
    }

    private static JsonNode statusOf(Ran sent) {
        var id = sent.lastEvent().get("contributionId").asString();
        return Ran.fanfare("status", id, "--json", "--admin", lab.admin()).lastEvent();
    }

    @Test
    void theLastLineIsTheResultWithTheKeysOfTheContract() throws Exception {
        try (var sent =
                Launched.fanfare(
                        folder, arguments("--to=" + BOB, "--to=" + CAROL, "--text=Lunch?"))) {
            var ran = sent.ended();

            assertThat(ran.status()).as(ran.err()).isEqualTo(ExitStatus.DONE);
            var result = ran.lastEvent();
            assertThat(result.get("event").asString()).isEqualTo("result");
            assertThat(result.get("mode").asString()).isEqualTo("pager");
            assertThat(result.get("status").asInt()).isEqualTo(200);
            assertThat(result.get("warning").isNull()).isTrue();
            assertThat(result.get("messageUid").isNull()).isTrue();
            assertThat(statusOf(ran).get("outcomes").get("delivered").asInt()).isEqualTo(2);
        }
    }

    @Test
    void withoutJsonTheResultIsASentence() {
        var ran =
                Ran.fanfare(
                        "send",
                        "--from=sip:alice@home.example",
                        "--via=" + lab.via(),
                        "--to=" + BOB,
                        "--text=Hello");

        assertThat(ran.status()).as(ran.err()).isEqualTo(ExitStatus.DONE);
        assertThat(ran.out()).matches("sent \\(200\\), contribution \\S+\\R");
    }

    @Test
    void aSmallFileIsSentWithItsType() throws Exception {
        var file = Files.write(folder.resolve("dot.png"), new byte[] {1, 2, 3, 0, (byte) 255});

        assertThat(send("--to=" + BOB, "--file=" + file).status()).isEqualTo(ExitStatus.DONE);
        assertThat(send("--to=" + BOB, "--file=" + file, "--type=image/").status())
                .isEqualTo(ExitStatus.USAGE);
        assertThat(send("--to=" + BOB, "--file=" + file, "--type=multipart/mixed").err())
                .contains("--type: a file of several parts");
    }

    private static Path film() throws Exception {
        var film = folder.resolve("video.mp4");
        return Files.exists(film) ? film : Files.write(film, new byte[700_000]);
    }

    @Test
    void aLargeFileGoesOverMsrpWithItsProgressInOctets() throws Exception {
        var ran = send("--to=" + BOB, "--to=" + CAROL, "--file=" + film());

        assertThat(ran.status()).as(ran.out() + ran.err()).isEqualTo(ExitStatus.DONE);
        var result = ran.lastEvent();
        assertThat(result.get("event").asString()).isEqualTo("result");
        assertThat(result.get("mode").asString()).isEqualTo("large");
        assertThat(result.get("status").asInt()).isEqualTo(200);
        var progress = ran.events().subList(0, ran.events().size() - 1);
        assertThat(progress).hasSizeBetween(1, 10).allMatch(event -> event.has("octets"));
        long size = progress.getLast().get("of").asLong();
        assertThat(size).isGreaterThan(700_000);
        assertThat(progress.getLast().get("octets").asLong()).isEqualTo(size);
        assertThat(statusOf(ran).get("mode").asString()).isEqualTo("large");
    }

    @Test
    void withoutATerminalTheProgressIsLines() throws Exception {
        var ran =
                Ran.fanfare(
                        "send",
                        "--from=sip:alice@home.example",
                        "--via=" + lab.via(),
                        "--to=" + BOB,
                        "--file=" + film());

        assertThat(ran.status()).as(ran.err()).isEqualTo(ExitStatus.DONE);
        assertThat(ran.out())
                .containsPattern("(?m)^sending: (\\d+) of \\1 octets$")
                .containsPattern("(?m)^sent \\(200\\), contribution ")
                .doesNotContain("\r");
    }

    @Test
    void aLargeFileThatNobodyTakesIsStatus1() throws Exception {
        var ran = send("--to=" + BUSY, "--file=" + film());

        assertThat(ran.status()).isEqualTo(ExitStatus.FAILED_FOR_ALL);
        assertThat(ran.lastEvent().get("mode").asString()).isEqualTo("large");
        assertThat(ran.lastEvent().get("status").asInt()).isEqualTo(486);
    }

    @Test
    void theListMayStandInAFile() throws Exception {
        var list =
                Files.writeString(
                        folder.resolve("list.txt"),
                        "# colleagues\r\n\r\n"
                                + BOB
                                + "\r\n  "
                                + CAROL
                                + "\nsip:bob2@home.example");

        var ran = send("--to-file=" + list, "--text=Hello");

        assertThat(ran.status()).as(ran.err()).isEqualTo(ExitStatus.DONE);
        assertThat(statusOf(ran).get("recipients").asInt()).isEqualTo(3);
    }

    @Test
    void aBadLineOfTheFileIsNamed() throws Exception {
        var list = Files.writeString(folder.resolve("bad.txt"), BOB + "\nnobody at all\n");

        var ran = send("--to-file=" + list, "--text=Hello");

        assertThat(ran.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(ran.err()).contains("bad.txt line 2");
    }

    @Test
    void refusedByAllIsStatus1() {
        var ran = send("--to=" + BUSY, "--to=sip:nobody@home.example", "--text=Hello");

        assertThat(ran.status()).isEqualTo(ExitStatus.FAILED_FOR_ALL);
        assertThat(ran.lastEvent().get("status").asInt()).isGreaterThanOrEqualTo(400);
    }

    @Test
    void failedForSomeIsStatus2WhenTheReportsSaySo() {
        var ran =
                send(
                        "--to=" + BOB,
                        "--to=" + BUSY,
                        "--text=Hello",
                        "--imdn=delivery,negative-delivery",
                        "--wait=60");

        assertThat(ran.status()).as(ran.out() + ran.err()).isEqualTo(ExitStatus.FAILED_FOR_SOME);
        assertThat(ran.events())
                .extracting(event -> event.path("recipient").asString("") + event.path("state"))
                .contains(BOB + "\"delivered\"", BUSY + "\"failed\"");
        assertThat(ran.lastEvent().get("event").asString()).isEqualTo("result");
    }

    @Test
    void failedForAllIsStatus1AlsoWhenOnlyTheReportsSaySo() throws Exception {
        var late = PhoneScript.FRIENDLY.withAnswer(486).withDelay(Duration.ofSeconds(3));
        try (var slow =
                new Lab(
                        Files.createDirectory(folder.resolve("slow")),
                        "policy.collecting-time=1s",
                        "policy.imdn-collecting-time=1s")) {
            slow.phones("late", 2, late);
            var ran =
                    Ran.fanfare(
                            "send",
                            "--from=sip:alice@home.example",
                            "--via=" + slow.via(),
                            "--exploder=" + Lab.EXPLODER,
                            "--to=sip:late1@home.example",
                            "--to=sip:late2@home.example",
                            "--to=sip:late2@HOME.example",
                            "--text=Hello",
                            "--imdn=negative-delivery",
                            "--wait=60",
                            "--json");

            assertThat(ran.events())
                    .filteredOn(event -> event.path("state").asString("").equals("failed"))
                    .hasSize(2);
            assertThat(ran.lastEvent().get("status").asInt()).isEqualTo(202);
            assertThat(ran.status()).isEqualTo(ExitStatus.FAILED_FOR_ALL);
        }
    }

    @Test
    void theFileOfRecipientsIsReadOnceAsItMayBeAPipe() throws Exception {
        var pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        var written = new CompletableFuture<Void>();
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    try {
                        Files.writeString(pipe, BOB + "\n" + CAROL + "\n");
                        Files.delete(pipe); // whoever reads again finds nothing
                        written.complete(null);
                    } catch (IOException e) {
                        written.completeExceptionally(e);
                    }
                });

        var ran = send("--to-file=" + pipe, "--text=Hello", "--imdn=delivery,display", "--wait=60");

        assertThat(ran.status()).as(ran.err()).isEqualTo(ExitStatus.DONE);
        assertThat(ran.events())
                .filteredOn(event -> event.path("state").asString("").equals("displayed"))
                .hasSize(2);
        assertThat(written).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void whatCannotBeNotedIsFoundBeforeAnythingIsSent() {
        var ran = send("--to=" + BOB, "--text=Hello", "--history=" + folder.resolve("no/where"));

        assertThat(ran.status()).isEqualTo(ExitStatus.CONFIGURATION);
        assertThat(ran.err()).contains("--history: cannot be written");
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void aMessageThatCannotBeNotedAfterwardsIsSent() {
        var ran = send("--to=" + BOB, "--text=Hello", "--history=/dev/full");

        assertThat(ran.status()).isEqualTo(ExitStatus.DONE);
        assertThat(ran.err()).contains("fanfare: warning: --history: cannot be written");
        assertThat(ran.lastEvent().get("status").asInt()).isEqualTo(200);
    }

    @Test
    void waitingEndsWhenEveryRecipientHasDisplayedIt() {
        var ran =
                send(
                        "--to=" + BOB,
                        "--to=" + CAROL,
                        "--text=Hello",
                        "--imdn=delivery,display",
                        "--wait=60");

        assertThat(ran.status()).as(ran.err()).isEqualTo(ExitStatus.DONE);
        assertThat(ran.events())
                .filteredOn(event -> event.path("state").asString("").equals("displayed"))
                .hasSize(2);
    }

    @Test
    void withNothingAskedForThereIsNothingToWaitFor() {
        long began = System.nanoTime();

        assertThat(send("--to=" + BOB, "--text=Hello", "--wait=60").status())
                .isEqualTo(ExitStatus.DONE);

        assertThat(System.nanoTime() - began).isLessThan(50_000_000_000L);
    }

    @Test
    void anAnonymousMessageDoesNotTellItsSender() throws Exception {
        var got = received("--anonymous", "--text=Guess who");

        assertThat(got.get("from").asString()).doesNotContain("alice");
    }

    @Test
    void repliesCanBeWantedElsewhere() throws Exception {
        var got = received("--reply-to=sip:alice@office.example", "--text=Hello");

        assertThat(got.get("text").asString()).isEqualTo("Hello");
    }

    private JsonNode received(String... what) throws InterruptedException {
        try (var phone = Phone.registered(lab.via(), "sip:dave@home.example", "--count=1")) {
            var all = new ArrayList<>(List.of(what));
            all.addAll(List.of("--to=sip:dave@home.example", "--to=" + BOB));
            var sent = send(all.toArray(String[]::new));
            assertThat(sent.status()).as(sent.out() + sent.err()).isEqualTo(ExitStatus.DONE);
            return phone.ended().lastEvent();
        }
    }

    @Test
    void aGroupOfTheNetworkIsForwardedToIt() throws Exception {
        try (var focus = Phone.registered(lab.via(), "sip:team@home.example", "--count=1")) {
            var sent = send("--group=sip:team@home.example", "--text=All of you");

            assertThat(sent.status()).as(sent.out() + sent.err()).isEqualTo(ExitStatus.DONE);
            assertThat(focus.ended().lastEvent().get("text").asString()).isEqualTo("All of you");
        }
    }

    @Test
    void anAdHocGroupGoesToItsControllingFunction() throws Exception {
        var focus = lab.phones("focus", 1, PhoneScript.FRIENDLY);

        var sent =
                send(
                        "--ad-hoc=sip:focus1@home.example",
                        "--to=" + BOB,
                        "--to=" + CAROL,
                        "--text=A");

        assertThat(sent.status()).as(sent.out() + sent.err()).isEqualTo(ExitStatus.DONE);
        assertThat(focus.counts().messages()).isEqualTo(1);
    }

    @Test
    void wrongUsageIsStatus64AndSaysWhat() {
        assertUsage("nobody to send to", "--text=Hello");
        assertUsage("either --text or --file", "--to=" + BOB);
        assertUsage("--group stands alone", "--group=sip:g@x.example", "--to=" + BOB, "--text=Hi");
        assertUsage("--in-reply-to needs", "--to=" + BOB, "--text=Hi", "--in-reply-to=x");
        assertUsage("found loudly", "--to=" + BOB, "--text=Hi", "--imdn=loudly");
        assertUsage("--expires", "--to=" + BOB, "--text=Hi", "--expires=-1");
        assertUsage("expires:", "--to=" + BOB, "--text=Hi", "--expires=4294967296");
        assertUsage("subject: control", "--to=" + BOB, "--text=Hi", "--subject=a\r\nX: b");
        assertUsage("Conversation-ID", "--to=" + BOB, "--text=Hi", "--conversation-id=a b");
        assertUsage(
                "nothing uses TLS",
                "--to=" + BOB,
                "--text=Hi",
                "--certificate=" + folder.resolve("cert.pem"),
                "--key=" + folder.resolve("key.pem"));
        assertUsage("cannot read", "--to=" + BOB, "--file=" + folder.resolve("none"));
    }

    private static void assertUsage(String message, String... more) {
        var ran = send(more);

        assertThat(ran.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(ran.err()).startsWith("fanfare: ").contains(message);
    }

    @Test
    void noServerIsStatus69AndTheResultIsStillTheLastLine() throws Exception {
        try (var nobody = Lab.nobody()) {
            var ran =
                    Ran.fanfare(
                            "send",
                            "--from=sip:alice@home.example",
                            "--via=127.0.0.1:" + nobody.getLocalPort() + ";transport=tcp",
                            "--to=" + BOB,
                            "--text=Hello",
                            "--json");

            assertThat(ran.status()).isEqualTo(ExitStatus.NO_ANSWER);
            assertThat(ran.err()).contains("no answer from", "fanfare status");
            assertThat(ran.lastEvent().get("event").asString()).isEqualTo("result");
            assertThat(ran.lastEvent().get("status").asInt()).isZero();
        }
    }
}
