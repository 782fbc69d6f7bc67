package org.fanfare.uri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.wire.MalformedMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NameAddressTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<sip:a@b>||sip:a@b|",
                "sip:a@b||sip:a@b|",
                "sip:a@b;tag=1||sip:a@b|;tag=1",
                "<sip:a@b;lr>;tag=1||sip:a@b;lr|;tag=1",
                "sip:a@b ; tag = 1||sip:a@b|;tag=1",
                "Alice <sip:a@b>|Alice|sip:a@b|",
                "Alice  Smith<sip:a@b>|Alice  Smith|sip:a@b|",
                "\"Alice, \\\"A\\\" <x>\" <sip:a@b>|Alice, \"A\" <x>|sip:a@b|",
                "\"caf\u00e9\"<sip:a@b>|caf\u00e9|sip:a@b|",
                "\"\" <sip:a@b>||sip:a@b|",
                "tel:+1-555;tag=x||tel:+1-555|;tag=x",
                "<sip:a,b@c>||sip:a,b@c|",
                "<sip:a?b@c>||sip:a?b@c|",
                "<sip:a@b>;x=\"q\\\"r\"||sip:a@b|;x=\"q\\\"r\"",
                "<sip:a@b>;+sip.instance=\"<urn:x>\";q=0.5||sip:a@b|;+sip.instance=\"<urn:x>\";q=0.5"
            })
    void isRead(String text, String name, String uri, String parameters) { // I4
        var address = NameAddress.parse(text);

        assertThat(address.displayName()).isEqualTo(name == null ? "" : name);
        assertThat(address.uri()).hasToString(uri);
        assertThat(address.parameters()).hasToString(parameters == null ? "" : parameters);
        assertThat(NameAddress.parse(address.toString())).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<>",
                "<sip:a@b",
                "sip:a@b>",
                "\"Alice <sip:a@b>",
                "\"Alice\" sip:a@b",
                "Alice sip:a@b",
                "Bell, Alexander <sip:a@b>",
                "caf\u00e9 <sip:a@b>",
                "< sip:a@b>",
                "<sip:a@b >",
                "<<sip:a@b>>",
                "<sip:a@b>tag=1",
                "<sip:a@b>;",
                "<sip:a@b>;;tag=1",
                "<sip:a@b>;tag=",
                "<sip:a@b>;tag=1;tag=2",
                "<sip:a@b>,<sip:c@d>",
                "sip:a@b?x=y",
                "<sip:a@b> x",
                "\"a\" \"b\" <sip:a@b>",
                "\"a\\",
                "\"a\\\u00e9\" <sip:a@b>",
                "\"a\u0001\" <sip:a@b>"
            })
    void isRefused(String text) {
        assertThatThrownBy(() -> NameAddress.parse(text)).isInstanceOf(MalformedMessage.class);
    }

    @Test
    void aNameThatLooksLikeAnAddressStaysAName() { // I4
        var address = NameAddress.parse("\"<sip:admin@x>\" <sip:a@b>");

        assertThat(address.displayName()).isEqualTo("<sip:admin@x>");
        assertThat(address.uri()).hasToString("sip:a@b");
        assertThat(address).hasToString("\"<sip:admin@x>\" <sip:a@b>");
    }

    @Test
    void partsAreReplaced() {
        var address = NameAddress.of(Uri.parse("sip:a@b")).withTag("1").withDisplayName("A \"B\"");

        assertThat(address).hasToString("\"A \\\"B\\\"\" <sip:a@b>;tag=1");
        assertThat(address.tag()).hasValue("1");
        assertThat(address.withUri(Uri.parse("tel:+1")).withParameters(Parameters.NONE))
                .hasToString("\"A \\\"B\\\"\" <tel:+1>");
    }

    @Test
    void nobodyGetsALineEndIntoAName() {
        var address = NameAddress.of(Uri.parse("sip:a@b")).withDisplayName("a\r\nX: y");

        assertThatThrownBy(address::toString).isInstanceOf(IllegalArgumentException.class);
    }
}
