package org.fanfare.resourcelists;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.wire.Limits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Locale;

/// What a list entry may say about where a copy goes (L9).
class EntryUri_5365_7_2_Test {

    private static Entry entry(String uri) {
        return EntryUri.read(uri, CopyControl.TO, false, Limits.DEFAULT);
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "sip:bob@x|sip:bob@x",
                "sip:bob@x?Route=%3Csip:evil@y%3E&body=hello|sip:bob@x",
                "sip:bob@x?method=BYE|sip:bob@x",
                "sip:bob@x;method=INVITE|sip:bob@x",
                "sip:bob@x;METHOD=INVITE;user=phone|sip:bob@x;user=phone",
                "sips:bob@x:5071;user=ip;gr=urn:uuid:1;comp=sigcomp;unknown|sips:bob@x:5071;user=ip;gr=urn:uuid:1",
                "sip:bob:secret@x|sip:bob@x",
                "sip:bob;day=tuesday@x|sip:bob;day=tuesday@x",
                "sip:1234;phone-context=+1@x;user=phone|sip:1234;phone-context=+1@x;user=phone",
                "sip:x|sip:x",
                "sip:[2001:db8::1]:5060|sip:[2001:db8::1]:5060",
                "tel:+1-555;isub=1;ext=2|tel:+1-555",
                "tel:7042;phone-context=example.com|tel:7042;phone-context=example.com",
                "mailto:bob@x?subject=y&body=z|mailto:bob@x",
                "im:bob@x|im:bob@x"
            },
            delimiter = '|')
    void onlyWhoIsMeantStays(String uri, String recipient) { // L9
        assertThat(entry(uri).recipient()).hasToString("Optional[" + recipient + "]");
        assertThat(entry(uri).uri()).isEqualTo(uri);
        assertThat(entry(uri).reason()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"maddr=10.0.0.1", "transport=tcp", "lr", "ttl=1", "received=10.0.0.1"})
    void parameterThatChoosesTheWayMakesTheEntryInvalid(String parameter) { // L9
        var name = parameter.replaceAll("=.*", "");

        assertThat(entry("sip:bob@x;" + parameter).recipient()).isEmpty();
        assertThat(entry("sip:bob@x;" + parameter).reason()).contains(name);
        assertThat(entry("sip:bob@x;user=phone;" + parameter.toUpperCase(Locale.ROOT)).reason())
                .contains(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sip:anonymous@anonymous.invalid",
                "sip:someone@Anonymous.Invalid",
                "sips:anonymous@anonymous.invalid.:5060",
                "sip:a%00b@x",
                "sip:a%0d%0aRoute:b@x",
                "sip:",
                "sip:@x",
                "sip:bob@",
                "bob@x",
                "tel:",
                "tel:12345",
                "mailto:",
                "mailto:?to=a",
                "sip:bob@x y",
                "sip:böb@x",
                "<sip:bob@x>"
            })
    void whatNamesNobodyIsInvalid(String uri) { // L7
        assertThat(entry(uri).recipient()).isEmpty();
        assertThat(entry(uri).reason()).isNotEmpty();
    }

    @Test
    void uriUpToTheLimitIsTaken() {
        var limits = Limits.DEFAULT.withUriOctets(20);

        assertThat(
                        EntryUri.read("sip:" + "b".repeat(13) + "@x", CopyControl.TO, false, limits)
                                .isValid())
                .isTrue();
        assertThat(
                        EntryUri.read("sip:" + "b".repeat(14) + "@x", CopyControl.TO, false, limits)
                                .isValid())
                .isTrue();
        assertThat(
                        EntryUri.read("sip:" + "b".repeat(15) + "@x", CopyControl.TO, false, limits)
                                .isValid())
                .isFalse();
    }
}
