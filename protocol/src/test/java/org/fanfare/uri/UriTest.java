package org.fanfare.uri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.testing.Generator;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UriTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sip:alice@atlanta.com",
                "sip:alice:secretword@atlanta.com;transport=tcp",
                "sips:alice@atlanta.com?subject=project%20x&priority=urgent",
                "sip:+1-212-555-1212:1234@gateway.com;user=phone",
                "sips:1212@gateway.com",
                "sip:alice@192.0.2.4",
                "sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com",
                "sip:alice;day=tuesday@atlanta.com",
                "sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d@example.com",
                "sip:user@[2001:db8::1]:5070;lr",
                "sip:a@under_score.example",
                "sip:a@example.com.",
                "tel:+1-201-555-0123",
                "tel:7042;phone-context=example.com",
                "tel:863-1234;phone-context=+1-914-555",
                "tel:*21#;phone-context=example.com",
                "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
                "soap.beep://192.0.2.103:3002",
                "nobodyknowsthisscheme:totallyopaquecontent",
                "http://www.example.com/a?b#c"
            })
    void isWrittenAsItWasRead(String uri) {
        assertThat(Uri.parse(uri)).hasToString(uri);
        assertThat(Uri.parse(Uri.parse(uri).toString())).isEqualTo(Uri.parse(uri));
    }

    @Test
    void theSchemeIsWrittenInLowerCase() {
        assertThat(Uri.parse("SIP:Alice@Example.COM")).hasToString("sip:Alice@Example.COM");
        assertThat(Uri.parse("NobodyKnows:Me")).hasToString("nobodyknows:Me");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sip",
                "sip:",
                ":a",
                "1sip:a@b",
                "sip:@b",
                "sip:a@",
                "sip:a@b:",
                "sip:a@b:65536",
                "sip:a@b:-1",
                "sip:a@b:99999999999999999999",
                "sip:a b@c",
                "sip:a@b c",
                "sip: a@b",
                "sip:a%4@b",
                "sip:a%zz@b",
                "sip:a@b%41",
                "sip:a@[b]",
                "sip:a@[::1",
                "sip:a@::1",
                "sip:a@[1:2:3:4:5:6:7]",
                "sip:a@[1:2:3:4:5:6:7:8:9]",
                "sip:a@[1::2::3]",
                "sip:a@[12345::]",
                "sip:a@[1.2.3.4]",
                "sip:a@[::1.2.3.4.5]",
                "sip:a@256.1.1.1",
                "sip:a@1.2.3",
                "sip:a@.b",
                "sip:a@b..c",
                "sip:a@b;",
                "sip:a@b;;c",
                "sip:a@b;=c",
                "sip:a@b;c=",
                "sip:a@b;c;C",
                "sip:a@b?",
                "sip:a@b?x",
                "sip:a@b?x=1&",
                "sip:a@b\r\n",
                "sip:a@b\u0000",
                "sip:\u00e4@b",
                "sip:a\"@b",
                "sip:<a@b>",
                "tel:",
                "tel:+",
                "tel:-",
                "tel:+1a",
                "tel:123",
                "urn:",
                "urn:a b",
                "urn:\"a\"",
                "urn:<a>",
                "urn:%"
            })
    void isRefusedWithAPlace(String uri) { // M12
        assertThatThrownBy(() -> Uri.parse(uri))
                .isInstanceOf(MalformedMessage.class)
                .hasMessageContaining("URI: expected ")
                .hasMessageContaining(" at octet ");
    }

    @Test
    void sizeAndParametersAreLimited() {
        var limits = Limits.DEFAULT.withUriOctets(20).withUriParameters(2);

        assertThat(Uri.parse("sip:1234567890@a.bcd", limits)).isNotNull();
        assertThat(Uri.parse("sip:a@b;c;d", limits)).isNotNull();
        assertThatThrownBy(() -> Uri.parse("sip:1234567890@a.bcde", limits))
                .hasMessageContaining("at most 20 octets");
        assertThatThrownBy(() -> Uri.parse("sip:a@b;c;d;e", limits))
                .hasMessageContaining("at most 2 parameters");
    }

    @Test
    void theUserIsUnescapedOnceAndHasNoPassword() {
        assertThat(SipUri.parse("sip:a%40b%2541:pw@c").user()).hasValue("a@b%41");
        assertThat(SipUri.parse("sip:c").user()).isEmpty();
    }

    @Test
    void anyTextCanBeAUser() {
        Generator.forEachSeed(
                3261,
                500,
                random -> {
                    var user = random.text("aZ9 %@:;?/&=+$,\"<>\\äß€😀\u0000\r\n", 1, 30);

                    var uri = SipUri.of(user, HostPort.of("example.com"));

                    assertThat(SipUri.parse(uri.toString())).isEqualTo(uri);
                    assertThat(uri.user()).hasValue(user);
                    assertThat(uri.toString()).matches("[!-~]+");
                });
    }

    @Test
    void partsAreReplaced() {
        var uri = SipUri.parse("sip:alice@example.com;lr;transport=udp?a=b");

        assertThat(uri.withUser("bob").withHostPort(new HostPort("h", 5070)))
                .hasToString("sip:bob@h:5070;lr;transport=udp?a=b");
        assertThat(uri.withParameter("TRANSPORT", "tcp").withoutHeaders())
                .hasToString("sip:alice@example.com;lr;TRANSPORT=tcp");
        assertThat(uri.withoutParameter("LR").withoutHeaders())
                .hasToString("sip:alice@example.com;transport=udp");
        assertThat(uri.withParameters(Parameters.NONE).withoutHeaders())
                .hasToString("sip:alice@example.com");
    }

    @Test
    void userIsPhoneSaysSo() {
        assertThat(SipUri.parse("sip:+1@b;user=Phone").userIsPhone()).isTrue();
        assertThat(SipUri.parse("sip:+1@b;user=ip").userIsPhone()).isFalse();
    }

    @Test
    void aTelUriKnowsItsNumber() {
        var global = TelUri.parse("tel:+1-201-555-0123;ext=7");
        var local = TelUri.parse("tel:70-42;phone-context=example.com");

        assertThat(global.isGlobal()).isTrue();
        assertThat(global.digits()).isEqualTo("+12015550123");
        assertThat(local.isGlobal()).isFalse();
        assertThat(local.phoneContext()).hasValue("example.com");
        assertThat(local.digits()).isEqualTo("7042");
    }

    @ParameterizedTest
    @CsvSource({
        "example.com, example.com, -1, false",
        "EXAMPLE.com:5060, EXAMPLE.com, 5060, false",
        "192.0.2.1:0, 192.0.2.1, 0, false",
        "[2001:db8::1]:65535, 2001:db8::1, 65535, true"
    })
    void hostAndPort(String text, String host, int port, boolean ipv6) {
        var hostPort = HostPort.parse(text);

        assertThat(hostPort.hostWithoutBrackets()).isEqualTo(host);
        assertThat(hostPort.port()).isEqualTo(port);
        assertThat(hostPort.isIpv6()).isEqualTo(ipv6);
        assertThat(hostPort).hasToString(text);
    }

    @Test
    void aHostThatIsNoneCannotBeMade() {
        assertThatThrownBy(() -> HostPort.of("a b")).isInstanceOf(MalformedMessage.class);
        assertThatThrownBy(() -> HostPort.of("a\r\nX: y")).isInstanceOf(MalformedMessage.class);
        assertThatThrownBy(() -> HostPort.of("a".repeat(256))).isInstanceOf(MalformedMessage.class);
        assertThatThrownBy(() -> new HostPort("a", 65_536))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
