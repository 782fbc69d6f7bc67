package org.fanfare.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

class CursorTest {

    private static Cursor over(String text) {
        return Cursor.over(text, "Field", "RFC 0 1");
    }

    @Test
    void errorsSayWhatWasExpectedWhatCameAndWhere() {
        var octets = "Field: abc\u0001".getBytes(StandardCharsets.US_ASCII);
        var cursor = Cursor.over(octets, 7, octets.length, 0, "Field", "RFC 0 1");
        cursor.skipToken();

        assertThat(cursor.expected("a colon"))
                .hasMessage("Field: expected a colon, found octet 0x01 at octet 10 (RFC 0 1)");
        assertThat(over("").expected("more"))
                .hasMessage("Field: expected more, found end of value at octet 0 (RFC 0 1)");
        assertThat(over("x").expected("y").reason()).isEqualTo("Field: expected y, found \"x\"");
    }

    @Test
    void blanksMayBeFolds() {
        var cursor = over(" \t\r\n  a\r\nb");
        cursor.skipBlanks();

        assertThat(cursor.expectToken("a token")).isEqualTo("a");
        cursor.skipBlanks();
        assertThat(cursor.peek()).isEqualTo('\r');
    }

    @Test
    void aSeparatorTakesTheBlanksAroundIt() {
        var cursor = over("a ; b c");

        assertThat(cursor.expectToken("a")).isEqualTo("a");
        assertThat(cursor.acceptSeparator(';')).isTrue();
        assertThat(cursor.expectToken("b")).isEqualTo("b");
        assertThat(cursor.acceptSeparator(';')).isFalse();
        assertThat(cursor.peek()).isEqualTo(' ');
    }

    @Test
    void numbersStopAtTheirLimit() {
        assertThat(over("00042x").expectNumber("a number", 42)).isEqualTo(42);
        assertThatThrownBy(() -> over("43").expectNumber("a number", 42))
                .hasMessageContaining("expected a number up to 42, found a larger number");
        assertThatThrownBy(() -> over("9".repeat(100_000)).expectNumber("n", Long.MAX_VALUE / 10))
                .isInstanceOf(MalformedMessage.class);
        assertThatThrownBy(() -> over("x").expectNumber("a number", 42))
                .hasMessageContaining("expected a number, found \"x\"");
    }

    @Test
    void quotedStringsLoseQuotesAndBackslashes() {
        assertThat(over("\"a\\\"b\\\\c\\d€\"").expectQuotedString()).isEqualTo("a\"b\\cd€");
        assertThat(over("\"\\\u0000\"").expectQuotedString()).isEqualTo("\u0000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "\"",
                "\"a",
                "\"a\\",
                "\"a\\\"",
                "\"a\rb\"",
                "\"a\nb\"",
                "\"a\\\nb\"",
                "\"\u0000\"",
                "\"\u007f\"",
                "\"\\é\""
            })
    void brokenQuotedStringsAreRefused(String text) { // M6
        assertThatThrownBy(() -> over(text).expectQuotedString())
                .isInstanceOf(MalformedMessage.class);
    }

    @Test
    void unfoldingMakesOneBlankOfEachFold() {
        assertThat(Cursor.unfold("a \t\r\n \tb\r\n c")).isEqualTo("a b c");
        assertThat(Cursor.unfold("plain")).isEqualTo("plain");
    }

    @Test
    void tokensAreThoseOfSip() {
        assertThat(Cursor.isToken("aZ09-.!%*_+`'~")).isTrue();
        assertThat(Cursor.isToken("")).isFalse();
        for (char c : "()<>@,;:\\\"/[]?={} \t\u0000\u007fé".toCharArray()) {
            assertThat(Cursor.isToken("a" + c)).isFalse();
        }
    }
}
