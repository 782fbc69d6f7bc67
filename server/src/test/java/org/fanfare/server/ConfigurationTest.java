package org.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.fanfare.pf.TrustedPeer;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.TransportLimits;
import org.fanfare.testing.Clause;
import org.fanfare.wire.Limits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

class ConfigurationTest {

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "---\n", "core:\n", "limits: {}\n", "{}"})
    void anEmptyFileIsTheDefaults(String text) {
        assertThat(load(text)).isEqualTo(Configuration.defaults());
    }

    @Test
    void theDefaultsAreThoseOfTheContract() {
        var defaults = Configuration.defaults();

        assertThat(defaults.host()).isEqualTo("pf.home.example");
        assertThat(defaults.exploderUris())
                .extracting(Object::toString)
                .containsExactly("sip:exploder@home.example");
        assertThat(defaults.core().route()).isEqualTo(new Configuration.Route.Embedded());
        assertThat(defaults.policy().maxRecipients()).isEqualTo(100);
        assertThat(defaults.policy().collectingTime()).isEqualTo(Duration.ofSeconds(20));
        assertThat(defaults.policy().directDelivery()).isEqualTo(Configuration.DirectDelivery.OFF);
        assertThat(defaults.interworking().on())
                .containsExactly(404, 405, 410, 414, 415, 416, 488, 606);
        assertThat(defaults.limits().wire()).isEqualTo(Limits.DEFAULT);
        assertThat(defaults.limits().transport())
                .isEqualTo(TransportLimits.DEFAULT.withDatagramsAtOnce(32));
    }

    @Clause({"limit/1800.large", "limit/1800.pager", "8.2.1.2/7.h", "8.2.1.1/8.B.a.xi"})
    @Test
    void aSessionIntervalIsBelow1800Seconds() {
        assertThat(load("policy: {session-interval: 1799s}").policy().sessionInterval())
                .isEqualTo(Duration.ofSeconds(1799));
        assertThat(
                        catchThrowableOfType(
                                ConfigurationException.class,
                                () -> load("policy: {session-interval: 1800s}")))
                .hasMessageContaining("90s to 1799s");
    }

    @Test
    void aFileOverridesWhatItNamesAndNothingElse() {
        var configuration =
                load(
                        """
                        exploder-uris:
                          - sip:all@one.example
                          - sip:all@two.example
                        core: {route: "sip:127.0.0.1:5080;transport=tcp;lr"}
                        policy:
                          max-recipients: 2
                          collecting-time: 500ms
                          anonymity:
                            to-many: ["sip:*@home.example"]
                          answer: accept-at-once
                        limits:
                          uri-octets: 4KiB
                          leg-retries: 1
                        listen: {admin: null}
                        """);

        assertThat(configuration.exploderUris()).hasSize(2);
        assertThat(configuration.nextHop())
                .contains(Hop.parse("sip:127.0.0.1:5080;transport=tcp;lr"));
        assertThat(configuration.policy().maxRecipients()).isEqualTo(2);
        assertThat(configuration.policy().pagerLimit()).isEqualTo(1300);
        assertThat(configuration.policy().collectingTime()).isEqualTo(Duration.ofMillis(500));
        assertThat(configuration.policy().anonymity())
                .isEqualTo(new Configuration.Anonymity(true, List.of("sip:*@home.example")));
        assertThat(configuration.policy().answer()).isEqualTo(Configuration.Answer.ACCEPT_AT_ONCE);
        assertThat(configuration.limits().wire().uriOctets()).isEqualTo(4096);
        assertThat(configuration.limits().server().legRetries()).isEqualTo(1);
        assertThat(configuration.listen().admin()).isNull();
    }

    @Test
    void settingsOfTheCommandLineComeLast() throws IOException {
        var file = write("policy: {max-recipients: 2, pager-limit: 900}");

        var configuration =
                Configuration.load(
                        file,
                        List.of(
                                "policy.max-recipients=7",
                                "listen.sip=udp:127.0.0.1:0",
                                "trust=[10.1.0.0/16, 10.2.3.4]",
                                "policy.anonymity.to-many=false",
                                "listen.admin=",
                                "policy.max-recipients=8"));

        assertThat(configuration.policy().maxRecipients()).isEqualTo(8);
        assertThat(configuration.policy().pagerLimit()).isEqualTo(900);
        assertThat(configuration.listen().sip()).hasSize(1);
        assertThat(configuration.trust())
                .containsExactly(
                        TrustedPeer.parse("10.1.0.0/16"), TrustedPeer.parse("10.2.3.4/32"));
        assertThat(configuration.policy().anonymity().toMany()).isEmpty();
        assertThat(configuration.listen().admin()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "policy.max-recipents | policy.max-recipients",
                "polcy | policy",
                "max-recipients | policy.max-recipients",
                "listen.spi | listen.sip",
                "exploder-uri | exploder-uris",
                "core.domian | core.domain",
                "limits.uri-octet | limits.uri-octets",
            })
    void anUnknownKeyIsAnErrorThatNamesFileLineKeyAndTheNearestKnownKey(String key, String nearest)
            throws IOException {
        var parts = key.split("\\.", -1);
        var file =
                write(
                        parts.length == 1
                                ? "# first line\n" + key + ": 1\n"
                                : "# first line\n" + parts[0] + ": {" + parts[1] + ": 1}\n");

        var fault = fault(file);

        assertThat(fault)
                .hasMessage(
                        "%s:2: %s: there is no such key; the nearest known key is %s"
                                .formatted(file, key, nearest));
        assertThat(fault.source()).isEqualTo(file.toString());
        assertThat(fault.line()).isEqualTo(2);
        assertThat(fault.key()).isEqualTo(key);
        assertThat(fault.nearest()).isEqualTo(nearest);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // wrong types
                "policy: {max-recipients: many} | policy.max-recipients | a whole number",
                "policy: {max-recipients: 1.5} | policy.max-recipients | a whole number",
                "policy: {max-recipients: [1]} | policy.max-recipients | a whole number",
                "policy: {max-recipients: null} | policy.max-recipients | a whole number",
                "policy: {negative-delivery-imdn: 1} | policy.negative-delivery-imdn | true or"
                        + " false",
                "policy: {collecting-time: 20} | policy.collecting-time | expected a duration such"
                        + " as 500ms",
                "policy: {collecting-time: 20 s} | policy.collecting-time | a duration",
                "policy: {answer: later} | policy.answer | aggregate, accept-at-once",
                "policy: 5 | policy | expected the keys originators, user-agent",
                "policy: [5] | policy | expected the keys",
                "core: {route: embeded} | core.route | expected embedded, or a next hop",
                "host: {name: a} | host | expected text",
                "host: 17 | host | expected text",
                "trust: 127.0.0.1 | trust | a list",
                "interworking: {on: [abc]} | interworking.on | a whole number",
                // nonsense
                "policy: {max-recipients: 0} | policy.max-recipients | must be from 1",
                "policy: {max-recipients: -1} | policy.max-recipients | must be from 1",
                "policy: {max-recipients: 4294967297} | policy.max-recipients | must be from 1",
                "limits: {uri-octets: 0} | limits.uri-octets | must be from 1",
                "limits: {uri-octets: 3GiB} | limits.uri-octets | must be from 1",
                "ledger: {url: ~} | ledger.url | found ~, which is nothing in YAML",
                "policy: {collecting-time: 0s} | policy.collecting-time | longer than nothing",
                "policy: {collecting-time: 32s} | policy.collecting-time | at most 31s",
                "policy: {session-interval: 1800s} | policy.session-interval | 90s to 1799s",
                "policy: {user-agent: {minimum: new}} | policy.user-agent.minimum | OMA2.0",
                "policy: {originators: {allow: [alice]}} | policy.originators.allow | a pattern",
                "policy: {originators: {allow: [sip:a b]}} | policy.originators.allow | a pattern",
                "trust: [0.0.0.0/0] | trust | strangers",
                "trust: ['::/0'] | trust | strangers",
                "trust: [127.0.0.1/33] | trust | prefix length 33",
                "trust: [core.example] | trust | an IPv4 or IPv6 address",
                "trust: [127.0.0.1/x] | trust | ADDRESS/LENGTH",
                "host: 'a b' | host | a host name",
                "listen: {sip: []} | listen.sip | at least one",
                "listen: {sip: ['127.0.0.1:5060']} | listen.sip | udp",
                "listen: {sip: ['udp:127.0.0.1:99999']} | listen.sip | 99999",
                "listen: {sip: ['udp:127.0.0.1:7', 'udp:127.0.0.1:7']} | listen.sip | twice",
                "core: {listen: ['udp:127.0.0.1:5062']} | core.listen | twice",
                "listen: {msrp: ['udp:127.0.0.1:2855']} | listen.msrp | tcp",
                "listen: {admin: everywhere} | listen.admin | ADDRESS:PORT",
                "listen: {admin: '127.0.0.1:65536'} | listen.admin | ADDRESS:PORT",
                "exploder-uris: [] | exploder-uris | at least one",
                "exploder-uris: ['exploder'] | exploder-uris | exploder",
                "exploder-uris: ['tel:+123'] | exploder-uris | a sip: address",
                "core: {route: 'http:x'} | core.route | http",
                "interworking: {on: [200]} | interworking.on | 300 to 699",
                "store: {imap: 'http://x'} | store.imap | imap://",
                "xdm: {root: 'nowhere'} | xdm.root | SCHEME://HOST",
                "ledger: {url: 'redis:x'} | ledger.url | file:DIRECTORY",
                // halves of pairs
                "tls: {key: pom.xml} | tls.key | tls.certificate",
                "tls: {certificate: pom.xml} | tls.certificate | tls.key",
                "tls: {client-authentication: need} | tls.client-authentication | tls.trust",
                "listen: {sip: ['tls:127.0.0.1:5061']} | listen.sip | tls.certificate",
                "users: {source: file} | users.source | users.file",
                "core: {users: {file: pom.xml}} | core.users.file | core.users.source",
                // files that are not there
                "tls: {trust: no/such/file} | tls.trust | no/such/file",
            })
    void whatMakesNoSenseIsAnErrorThatNamesFileLineAndKey( // C4
            String text, String key, String reason) throws IOException {
        var file = write("\n" + text + "\n");

        var fault = fault(file);

        assertThat(fault)
                .hasMessageStartingWith(file + ":2: " + key + ": ")
                .hasMessageContaining(reason);
        assertThat(fault.key()).isEqualTo(key);
    }

    @Test
    void theLineIsThatOfTheItemInAListOfManyLines() throws IOException {
        var fault =
                fault(
                        write(
                                """
                                listen:
                                  sip:
                                    - udp:127.0.0.1:5062
                                    - sctp:127.0.0.1:5062
                                """));

        assertThat(fault.line()).isEqualTo(4);
        assertThat(fault.key()).isEqualTo("listen.sip");
    }

    @Test
    void dotsAreNotWrittenIntoTheNameOfAKey() throws IOException {
        assertThat(fault(write("policy.max-recipients: 5")))
                .hasMessageEndingWith("written as a section with the key indented below it");
    }

    @Test
    void theLineIsThatOfTheKeyDeepInTheFile() throws IOException {
        var fault =
                fault(
                        write(
                                """
                                policy:
                                  max-recipients: 5

                                  anonymity:
                                    # a comment
                                    allowed:
                                      perhaps
                                """));

        assertThat(fault.line()).isEqualTo(6);
        assertThat(fault.key()).isEqualTo("policy.anonymity.allowed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "policy.max-recipients=0 | --set policy.max-recipients=0: policy.max-recipients:"
                        + " must",
                "policy.max-recipents=1 | --set policy.max-recipents=1: policy.max-recipents:"
                        + " there",
                "policy | --set policy: expected KEY=VALUE",
                "=1 | --set =1: expected KEY=VALUE",
                "trust=[a | --set trust=[a: cannot be read as YAML",
            })
    void anErrorOnTheCommandLineNamesTheOption(String setting, String message) {
        var fault =
                catchThrowableOfType(
                        ConfigurationException.class,
                        () -> Configuration.load(null, List.of(setting)));

        assertThat(fault).hasMessageStartingWith(message);
        assertThat(fault.line()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a: [1 | 2 | cannot be read as YAML",
                "a: b: c | 2 | cannot be read as YAML",
                "host: a.example\\n---\\nhost: b.example | 4 | one YAML document",
                "host: a.example\\nhost: b.example | 3 | stands here twice, first in line 2",
                "host: &a x\\ncore: {domain: *a} | 3 | aliases",
            })
    void whatIsNotOneYamlDocumentIsAnErrorWithItsLine(String text, int line, String reason)
            throws IOException {
        var file = write("\n" + text.replace("\\n", "\n") + "\n");

        var fault = fault(file);

        assertThat(fault).hasMessageContaining(reason);
        assertThat(fault.line()).isEqualTo(line);
    }

    @Test
    void aMissingFileIsSaid() {
        var file = folder.resolve("missing.yaml");

        assertThat(fault(file)).hasMessage(file + ": there is no such file");
    }

    @Test
    void thePrintedDefaultsAreTheDefaultsWordForWord() {
        assertThat(ConfigurationFile.load(null, List.of()).toYaml())
                .isEqualTo(ConfigurationFile.defaultText());
    }

    @Test
    void whatIsPrintedLoadsAgainToTheSameValues() throws IOException {
        var certificate = write("x", "certificate.pem");
        var settings =
                List.of(
                        "host=\"[::1]\"",
                        "listen.sip=[\"udp:127.0.0.1:0\", \"tls:127.0.0.1:0\"]",
                        "listen.admin=null",
                        "core.users.realm=\"a \\\"realm\\\" # \\u00e4\"",
                        "trust=[]",
                        "tls.certificate=" + certificate,
                        "tls.key=" + certificate,
                        "policy.anonymity.to-many=[\"sip:*\"]",
                        "policy.originators.allow=false",
                        "policy.max-message-size=1GiB",
                        "interworking.on=[404]",
                        "limits.vias=3");
        var printed = ConfigurationFile.load(null, settings);

        var loaded = ConfigurationFile.load(write(printed.toYaml()), List.of());

        assertThat(loaded.configuration()).isEqualTo(printed.configuration());
        assertThat(loaded.configuration()).isNotEqualTo(Configuration.defaults());
        assertThat(loaded.toYaml()).isEqualTo(printed.toYaml());
        assertThat(printed.toYaml()).contains("# octets of the CPIM entity");
    }

    @Test
    void moreRecipientsMakeRoomForTheirList() {
        var limits = Configuration.load(null, List.of("policy.max-recipients=1000")).wireLimits();

        assertThat(limits.listEntries()).isEqualTo(10_000);
        assertThat(limits.listOctets()).isGreaterThan(2_500_000);
        assertThat(limits.messageOctets()).isGreaterThan(limits.listOctets());
        assertThat(Configuration.defaults().wireLimits()).isEqualTo(Limits.DEFAULT);
    }

    @Test
    void moreRecipientsDoNotMakeTheListLargerThan16MiB() {
        var limits =
                Configuration.load(null, List.of("policy.max-recipients=100000000")).wireLimits();

        assertThat(limits.listOctets()).isEqualTo(16 * 1024 * 1024);
        assertThat(limits.listEntries()).isEqualTo(1_000_000_000);
    }

    private Configuration load(String text) {
        try {
            return Configuration.load(write(text), List.of());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static ConfigurationException fault(Path file) {
        return catchThrowableOfType(
                ConfigurationException.class, () -> Configuration.load(file, List.of()));
    }

    private Path write(String text) throws IOException {
        return write(text, "fanfare.yaml");
    }

    private Path write(String text, String name) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
