package org.fanfare.peers;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.testing.Clause;
import org.fanfare.xdm.XcapSettings;
import org.fanfare.xdm.XdmPreferences;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;

/// Preferences from documents that Kamailio keeps.
class PreferencesPeerTest {

    private static final String ALICE = "sip:alice@home.example";
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final String PATH =
            "/org.openmobilealliance.access-rules/users/" + ALICE + "/access-rules";

    private static final String RULES =
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <cr:ruleset xmlns:cr="urn:ietf:params:xml:ns:common-policy"
                        xmlns:oxe="urn:oma:xml:xdm:extensions">
              <cr:rule id="record-cpm">
                <cr:conditions>
                  <oxe:service-list><oxe:service enabler="CPM"/></oxe:service-list>
                </cr:conditions>
                <cr:actions>
                  <oxe:allow-offline-storage>true</oxe:allow-offline-storage>
                </cr:actions>
              </cr:rule>
            </cr:ruleset>
            """;

    @TempDir Path folder;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private KamailioXdms xdms;
    private XdmPreferences preferences;

    @BeforeEach
    void startServer() throws Exception {
        xdms = new KamailioXdms(folder.resolve("xdms"));
        preferences = new XdmPreferences(patient(xdms.root()));
    }

    /// That a server is too slow is no matter of this test.
    private static XcapSettings patient(URI root) {
        var usual = XcapSettings.of(root, XcapSettings.ACCESS_RULES, Duration.ZERO);
        return new XcapSettings(
                root,
                usual.document(),
                usual.cache(),
                LONGEST,
                LONGEST,
                usual.mostOctets(),
                usual.mostUsers(),
                usual.mostRequests());
    }

    @AfterEach
    void stop() {
        http.close();
        if (preferences != null) {
            preferences.close();
            xdms.close();
        }
    }

    @Clause({
        "8.2.1.1/6",
        "8.2.1.1/6.record",
        "8.2.1.1/6.else",
        "8.2.1.2/200.7",
        "8.2.1.2/200.7.record",
        "8.2.1.2/200.7.else"
    })
    @Test
    void aDocumentThatIsPutChangedAndDeletedCountsAsItStands() throws Exception {
        assertThat(preferences.recordsHistory(ALICE)).isFalse();

        put(RULES);
        assertThat(preferences.recordsHistory(ALICE)).isTrue();
        assertThat(preferences.recordsHistory(ALICE)).isTrue();
        assertThat(preferences.figures().byResult()).containsEntry("unchanged", 1L);
        assertThat(preferences.recordsHistory("sip:bob@home.example")).isFalse();

        put(RULES.replace(">true<", ">false<"));
        assertThat(preferences.recordsHistory(ALICE)).isFalse();

        assertThat(send(request().DELETE())).isBetween(200, 204);
        assertThat(preferences.recordsHistory(ALICE)).isFalse();
        assertThat(preferences.figures().byResult())
                .containsEntry("failed", 0L)
                .containsEntry("malformed", 0L);
    }

    // N3
    @Test
    void aServerThatIsGoneMeansNotToRecordUntilItIsBack() throws Exception {
        put(RULES);
        assertThat(preferences.recordsHistory(ALICE)).isTrue();

        xdms.stop();
        assertThat(preferences.recordsHistory(ALICE)).isFalse();

        xdms.start();
        org.awaitility.Awaitility.await()
                .atMost(LONGEST)
                .until(() -> preferences.recordsHistory(ALICE));
    }

    private void put(String document) throws Exception {
        assertThat(send(request().PUT(HttpRequest.BodyPublishers.ofString(document))))
                .isBetween(200, 204);
    }

    private HttpRequest.Builder request() {
        return HttpRequest.newBuilder(URI.create(xdms.root() + PATH))
                .header("Content-Type", "application/auth-policy+xml")
                .header("X-3GPP-Asserted-Identity", "\"" + ALICE + "\"");
    }

    private int send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode();
    }
}
