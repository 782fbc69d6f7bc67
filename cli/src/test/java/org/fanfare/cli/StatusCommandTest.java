package org.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.fanfare.client.PhoneScript;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class StatusCommandTest {

    @TempDir Path folder;

    @SuppressWarnings("NullAway.Init")
    private Lab lab;

    @SuppressWarnings("NullAway.Init")
    private String id;

    @BeforeEach
    void oneMessageToBobAndToABusyOne() throws Exception {
        lab = new Lab(folder);
        lab.phones("bob", 1, PhoneScript.FRIENDLY);
        lab.phones("busy", 1, PhoneScript.FRIENDLY.withAnswer(486));
        id =
                Ran.fanfare(
                                "send",
                                "--from=sip:alice@home.example",
                                "--via=" + lab.via(),
                                "--exploder=" + Lab.EXPLODER,
                                "--to=sip:bob1@home.example",
                                "--to=sip:busy1@home.example",
                                "--text=Hello",
                                "--json")
                        .lastEvent()
                        .get("contributionId")
                        .asString();
    }

    @AfterEach
    void closeLab() {
        lab.close();
    }

    private Ran status(String... arguments) {
        var all = new ArrayList<>(List.of("status", "--admin", lab.admin()));
        all.addAll(List.of(arguments));
        return Ran.fanfare(all.toArray(String[]::new));
    }

    @Test
    void aMessageIsShownRecipientByRecipient() throws Exception {
        try (var status = Launched.fanfare(folder, "status", id, "--admin", lab.admin())) {
            var ran = status.ended();

            assertThat(ran.status()).as(ran.err()).isEqualTo(ExitStatus.DONE);
            assertThat(ran.out())
                    .contains(id + " from sip:alice@home.example: 2 recipients")
                    .containsPattern("delivered +200 +sip:bob1@home.example")
                    .containsPattern("failed +486 +sip:busy1@home.example");
        }
    }

    @Test
    void whatAPhoneHasReportedStandsBesideItsOutcome() throws Exception {
        try (var reporting =
                new Lab(folder.resolve("reporting"), "policy.imdn-record-route=true")) {
            reporting.phones("bob", 2, PhoneScript.FRIENDLY);
            var contribution =
                    Ran.fanfare(
                                    "send",
                                    "--from=sip:alice@home.example",
                                    "--via=" + reporting.via(),
                                    "--exploder=" + Lab.EXPLODER,
                                    "--to=sip:bob1@home.example",
                                    "--to=sip:bob2@home.example",
                                    "--text=Hello",
                                    "--imdn=delivery",
                                    "--json")
                            .lastEvent()
                            .get("contributionId")
                            .asString();

            var admin = "--admin=" + reporting.admin();
            await().atMost(Duration.ofSeconds(60)) // both: neither waits for the other
                    .until(() -> reports(contribution, admin) == 2);

            try (var status = Launched.fanfare(folder, "status", contribution, admin)) {
                assertThat(status.ended().out())
                        .containsPattern("delivered +200 +sip:bob1@home.example +\\[delivered]");
            }
        }
    }

    private static long reports(String contribution, String admin) {
        var all = Ran.fanfare("status", contribution, admin, "--json", "--outcome=delivered");
        return all.events().stream().filter(row -> row.path("imdn").size() > 0).count();
    }

    @Test
    void asJsonItHasTheKeysOfTheContract() {
        var message = status(id, "--json").lastEvent();

        assertThat(message.get("contributionId").asString()).isEqualTo(id);
        assertThat(message.get("originator").asString()).isEqualTo("sip:alice@home.example");
        assertThat(message.get("mode").asString()).isEqualTo("pager");
        assertThat(message.get("recipients").asInt()).isEqualTo(2);
        var outcomes = message.get("outcomes");
        assertThat(outcomes.propertyNames())
                .containsExactlyInAnyOrder(
                        "pending", "delivered", "interworked", "failed", "expired");
        assertThat(outcomes.get("delivered").asInt()).isEqualTo(1);
        assertThat(outcomes.get("failed").asInt()).isEqualTo(1);
    }

    @Test
    void recipientsOfOneOutcomeCanBeAskedFor() {
        var failed = status(id, "--json", "--outcome=failed");

        assertThat(failed.events()).hasSize(2);
        assertThat(failed.lastEvent().get("uri").asString()).isEqualTo("sip:busy1@home.example");
        assertThat(status(id, "--outcome=lost").status()).isEqualTo(ExitStatus.USAGE);
    }

    @Test
    void withoutAnIdTheNewestMessagesAndTheHealth() {
        assertThat(status().out()).contains("server " + lab.admin() + ": ", id);
        assertThat(status("--json").lastEvent().get("contributionId").asString()).isEqualTo(id);
    }

    @Test
    void anUnknownMessageIsSaidToBeNone() {
        var ran = status("no-such-message");

        assertThat(ran.status()).isEqualTo(ExitStatus.FAILED_FOR_ALL);
        assertThat(ran.err()).startsWith("fanfare: ");
    }

    @Test
    void noServerIsNoAnswer() throws Exception {
        try (var nobody = Lab.nobody()) {
            var ran = Ran.fanfare("status", "--admin", "127.0.0.1:" + nobody.getLocalPort());

            assertThat(ran.status()).isEqualTo(ExitStatus.NO_ANSWER);
            assertThat(ran.err()).contains("fanfare serve");
        }
    }

    @Test
    void anAddressThatIsNoneIsWrongUsage() {
        assertThat(Ran.fanfare("status", "--admin", "no address").status())
                .isEqualTo(ExitStatus.USAGE);
    }

    @Test
    void aServerThatAsksForATokenIsShownIt() throws Exception {
        var token = Files.writeString(folder.resolve("token"), "a-token-of-many-letters\n");
        var other = Files.createDirectory(folder.resolve("other"));
        try (var guarded = new Lab(other, "admin.token-file=" + token)) {
            assertThat(Ran.fanfare("status", "--admin", guarded.admin()).err()).contains("token");
            assertThat(Ran.fanfare("status", "--admin=" + guarded.admin(), "--token-file=" + token))
                    .extracting(Ran::status)
                    .isEqualTo(ExitStatus.DONE);
        }
    }

    @Test
    void whatIsNotInQuarantineCannotBeReleasedOrDropped() { // R5
        var released = Ran.fanfare("quarantine", id, "--release", "--admin=" + lab.admin());

        assertThat(released.status()).isEqualTo(ExitStatus.FAILED_FOR_ALL);
        assertThat(released.out()).contains("nothing of it is set aside");
        assertThat(Ran.fanfare("quarantine", id).status()).isEqualTo(ExitStatus.USAGE);
        assertThat(Ran.fanfare("quarantine", id, "--release", "--drop").status())
                .isEqualTo(ExitStatus.USAGE);
    }
}
