package org.fanfare.cpm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryFolderTest {

    // B11
    @ParameterizedTest
    @CsvSource({
        "0b7e7c1e-5c0e-4f5b, /, 0b7e7c1e-5c0e-4f5b",
        "sip:bob@home.example, /, sip:bob@home.example",
        "sip:bob@home.example, ., sip:bob@home=2Eexample",
        "tel:+4915100000002, /, tel:+4915100000002",
        "../other, /, =2E.=2Fother",
        "a*b%c\"d&e\\f, /, a=2Ab=25c=22d=26e=5Cf",
        "a=2F, /, a=3D2F",
        "ä, /, =C3=A4"
    })
    void whatMeansSomethingToAStoreIsEscaped(String name, char separator, String folder) {
        assertThat(HistoryFolder.encode(name, separator)).isEqualTo(folder);
        assertThat(HistoryFolder.decode(folder)).isEqualTo(name);
    }

    @Test
    void longNamesAreHashedAndStayDifferent() {
        var one = HistoryFolder.encode("x".repeat(4_000), '/');
        var other = HistoryFolder.encode("x".repeat(4_001), '/');

        assertThat(one).isNotEqualTo(other).hasSizeLessThan(100);
        assertThat(HistoryFolder.encode("", '/')).isNotEmpty().isNotEqualTo(one);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "a=zz", "a=", "=#abc"})
    void aNameOfAnotherClientStaysAsItIs(String folder) {
        assertThat(HistoryFolder.decode(folder)).isEqualTo(folder);
    }
}
