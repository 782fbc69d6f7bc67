package org.fanfare.interworking;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.uri.Uri;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmsAddressTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tel:+1-555-123-0001",
                "tel:+15551230001;npdi",
                "sip:+15551230001@home.example;user=phone",
                "sip:+15551230001@home.example",
                "sip:+15551230001;npdi@home.example;user=phone",
                "sms:+15551230001",
                "SMS:+1.555.123.0001?body=hello"
            })
    void globalNumbersAreFound(String uri) {
        assertThat(SmsAddress.of(Uri.parse(uri))).contains(new SmsAddress(1, 1, "15551230001"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tel:5551230001;phone-context=+1",
                "sip:alice@home.example",
                "sip:15551230001@home.example",
                "mailto:alice@home.example",
                "sms:112",
                "sms:+1",
                "sip:+1%00@home.example"
            })
    void whatMeansSomethingElseElsewhereIsNoNumber(String uri) {
        assertThat(SmsAddress.of(Uri.parse(uri))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"+15550000, 1, 1, 15550000", "12345, 0, 1, 12345", "Fanfare, 5, 0, Fanfare"})
    void theSourceIsANumberAShortCodeOrAName(String text, int type, int plan, String digits) {
        assertThat(SmsAddress.parse(text)).isEqualTo(new SmsAddress(type, plan, digits));
    }

    @Test
    void aNameHasElevenCharacters() {
        assertThat(SmsAddress.isSource("elevenchars")).isTrue();
        assertThat(SmsAddress.isSource("twelve-chars")).isFalse();
        assertThat(SmsAddress.isSource("")).isFalse();
    }
}
