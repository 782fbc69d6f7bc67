package org.fanfare.uri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.wire.Cursor;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.junit.jupiter.api.Test;

class ParametersTest {

    private static Parameters read(String text) {
        var cursor = Cursor.over(text, "field", "");
        var parameters = Parameters.readOfHeader(cursor, Limits.DEFAULT);
        cursor.expectEnd();
        return parameters;
    }

    @Test
    void namesHaveNoCaseAndOrderStays() {
        var parameters = read(" ; A=1 ;b ; C = \"x \\\"y\\\"\"");

        assertThat(parameters).hasToString(";A=1;b;C=\"x \\\"y\\\"\"");
        assertThat(parameters.value("a")).hasValue("1");
        assertThat(parameters.has("B")).isTrue();
        assertThat(parameters.value("B")).isEmpty();
        assertThat(parameters.value("c")).hasValue("x \"y\"");
        assertThat(parameters.find("c").orElseThrow().raw()).isEqualTo("\"x \\\"y\\\"\"");
    }

    @Test
    void aParameterIsThereOnce() {
        assertThatThrownBy(() -> read(";a=1;A=2"))
                .isInstanceOf(MalformedMessage.class)
                .hasMessage("field: expected each parameter once, found one again at octet 5");
    }

    @Test
    void numbersAreNumbersOrNothing() {
        var parameters = read(";a=007;b=x;c=99999999999999999999;d");

        assertThat(parameters.number("a")).hasValue(7);
        assertThat(parameters.number("b")).isEmpty();
        assertThat(parameters.number("c")).isEmpty();
        assertThat(parameters.number("d")).isEmpty();
        assertThat(parameters.number("e")).isEmpty();
    }

    @Test
    void settingReplacesInPlaceOrAppends() {
        var parameters = read(";a=1;b=2").with("A", "3").with("c").withQuoted("d", "x\"y");

        assertThat(parameters).hasToString(";A=3;b=2;c;d=\"x\\\"y\"");
        assertThat(parameters.without("B")).hasToString(";A=3;c;d=\"x\\\"y\"");
        assertThat(parameters.size()).isEqualTo(4);
    }

    @Test
    void aFoldInAQuotedStringIsOneBlank() {
        assertThat(read(";a=\"x\r\n\t y\"").value("a")).hasValue("x y");
    }

    @Test
    void nobodyGetsALineEndIn() {
        assertThatThrownBy(() -> Parameters.NONE.with("a", "b\r\nX: y"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Parameters.NONE.withQuoted("a", "b\nX: y"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
