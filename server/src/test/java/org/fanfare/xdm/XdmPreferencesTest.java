package org.fanfare.xdm;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.testing.Clause;
import org.fanfare.xdm.XdmServer.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

class XdmPreferencesTest {

    private static final String ALICE = "sip:alice@home.example";

    private static final String RECORD =
            RulesetTest.document(
                    "<cr:rule id=\"r\"><cr:conditions><o:service-list><o:service enabler=\"CPM\"/>"
                            + "</o:service-list></cr:conditions><cr:actions>"
                            + "<o:allow-offline-storage>true</o:allow-offline-storage>"
                            + "</cr:actions></cr:rule>");

    private volatile Instant now = Instant.parse("2026-11-22T12:00:00Z");
    private XdmServer server;
    private XdmPreferences preferences;

    @BeforeEach
    void start() throws Exception {
        server = new XdmServer(XdmServer.document(RECORD, "\"1\""));
        var settings =
                new XcapSettings(
                        server.root(),
                        XcapSettings.ACCESS_RULES,
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5),
                        64 * 1024,
                        3,
                        64);
        preferences = new XdmPreferences(settings, () -> now);
    }

    @AfterEach
    void stop() {
        preferences.close();
        server.close();
    }

    @Clause({"8.2.1.1/6", "8.2.1.2/200.7"})
    @Test
    void theRulesOfTheUserAreReadInHisName() {
        assertThat(preferences.recordsHistory(ALICE)).isTrue();

        assertThat(server.requests())
                .containsExactly(
                        new Request(
                                "/xcap-root/org.openmobilealliance.access-rules/users/"
                                        + ALICE
                                        + "/access-rules",
                                "\"" + ALICE + "\"",
                                ""));
    }

    // I15
    @Test
    void anAddressNeverLeadsToAnotherDocument() {
        preferences.recordsHistory("sip:a/../bob%2f?x#y@home.example");

        assertThat(server.requests().getFirst().path())
                .endsWith("/users/sip:a%2F..%2Fbob%252f%3Fx%23y@home.example/access-rules");
    }

    @Test
    void aDocumentIsAskedForAgainWhenItIsOldAndThenByItsTag() {
        preferences.recordsHistory(ALICE);
        now = now.plusSeconds(59);
        preferences.recordsHistory(ALICE);
        assertThat(server.requests()).hasSize(1);

        now = now.plusSeconds(2);
        assertThat(preferences.recordsHistory(ALICE)).isTrue();
        assertThat(server.requests())
                .hasSize(2)
                .last()
                .extracting("ifNoneMatch")
                .isEqualTo("\"1\"");

        server.replies(XdmServer.document(RulesetTest.document(""), "\"2\""));
        now = now.plusSeconds(61);
        assertThat(preferences.recordsHistory(ALICE)).isFalse();
    }

    // N3
    @ParameterizedTest
    @ValueSource(ints = {301, 401, 403, 404, 500, 503})
    void anAnswerWithoutDocumentMeansNotToRecord(int status) {
        preferences.recordsHistory(ALICE);
        server.replies(XdmServer.status(status));
        now = now.plusSeconds(61);

        assertThat(preferences.recordsHistory(ALICE)).isFalse();
    }

    // N3
    @Test
    void garbageAndWhatIsTooLargeMeanNotToRecordAndAreNoReasonToStopAsking() {
        for (int i = 0; i < 10; i++) {
            server.replies(
                    XdmServer.document(
                            i % 2 == 0 ? "<<<" : RECORD + " ".repeat(10 << 20), "\"x\""));
            assertThat(preferences.recordsHistory("sip:user" + i + "@home.example")).isFalse();
        }
        server.replies(XdmServer.document(RECORD, "\"1\""));

        assertThat(preferences.recordsHistory(ALICE)).isTrue();
        assertThat(preferences.figures().byResult()).containsEntry("malformed", 10L);
    }

    // N3 N7
    @Test
    void aServerThatFailsIsLeftAloneForAWhile() {
        server.replies(XdmServer.status(500));
        for (int i = 0; i < 20; i++) {
            preferences.recordsHistory("sip:user" + i + "@home.example");
        }
        assertThat(server.requests()).hasSize(5);
        assertThat(preferences.figures().byResult()).containsEntry("skipped", 15L);

        server.replies(XdmServer.document(RECORD, "\"1\""));
        now = now.plusSeconds(11);
        assertThat(preferences.recordsHistory(ALICE)).isTrue();
        assertThat(preferences.recordsHistory("sip:bob@home.example")).isTrue();
    }

    // N3
    @Test
    void aServerThatIsSilentHoldsNobodyLonger() throws Exception {
        server.replies(server.silence());
        try (var impatient = new XdmPreferences(impatient(), () -> now);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Boolean> asking = () -> impatient.recordsHistory(ALICE);
            var answers = threads.invokeAll(Stream.generate(() -> asking).limit(50).toList());

            for (var answer : answers) {
                assertThat(answer.get()).isFalse();
            }
            assertThat(server.requests()).hasSize(1);
        }
    }

    private XcapSettings impatient() {
        return new XcapSettings(
                server.root(),
                XcapSettings.ACCESS_RULES,
                Duration.ofSeconds(60),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                1000,
                100,
                64);
    }

    // N3
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDocumentThatEndsInTheMiddleIsNone(boolean cut) {
        server.replies(cut ? XdmServer.cut(RECORD) : server.stalling(RECORD));
        try (var impatient = new XdmPreferences(impatient(), () -> now)) {
            assertThat(impatient.recordsHistory(ALICE)).isFalse();
            assertThat(impatient.figures().byResult())
                    .containsEntry("failed", 1L)
                    .containsEntry("document", 0L);

            server.replies(XdmServer.document(RECORD, "\"1\""));
            now = now.plusSeconds(2);
            assertThat(impatient.recordsHistory(ALICE)).isTrue();
        }
    }

    // N3 N7
    @Test
    void aServerThatComesAndGoesIsAskedAgainAfterEachPause() {
        for (int round = 0; round < 5; round++) {
            server.replies(XdmServer.status(503));
            for (int i = 0; i < 20; i++) {
                preferences.recordsHistory("sip:user%d-%d@home.example".formatted(round, i));
            }
            server.replies(XdmServer.document(RECORD, "\"1\""));
            assertThat(preferences.recordsHistory(ALICE)).isFalse();
            now = now.plusSeconds(11);
            assertThat(preferences.recordsHistory(ALICE)).isTrue();
            now = now.plusSeconds(61);
        }
        assertThat(server.requests()).hasSize(5 * (5 + 1));
    }

    // N3
    @Test
    void nobodyThereMeansNotToRecord() throws Exception {
        server.close();

        assertThat(preferences.recordsHistory(ALICE)).isFalse();
    }

    @Test
    void theUserWhoWasNotSeenForLongestIsForgotten() {
        for (var user : new String[] {"a", "b", "c", "a", "d", "a", "b"}) {
            preferences.recordsHistory("sip:" + user + "@home.example");
        }

        assertThat(server.requests().stream().map(r -> r.path().replaceAll(".*sip:|@.*", "")))
                .containsExactly("a", "b", "c", "d", "b");
    }
}
