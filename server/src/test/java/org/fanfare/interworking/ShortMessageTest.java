package org.fanfare.interworking;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.wire.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

class ShortMessageTest {

    private static final HexFormat HEX = HexFormat.of();

    @Test
    void latinGreekAndExtendedCharactersAreOfTheGsmAlphabet() { // 3GPP TS 23.038 6.2.1
        assertThat(only("@Az0 ΔÄà\n")).isEqualTo("00417a3020105b7f0a");
        assertThat(only("[€]")).isEqualTo("1b3c1b651b3e");
    }

    @Test
    void anythingElseMakesTheWholeTextUcs2() {
        var message = ShortMessage.inParts("a🎉", 1).getFirst();

        assertThat(message.coding()).isEqualTo(ShortMessage.UCS_2);
        assertThat(HEX.formatHex(message.content().toByteArray())).isEqualTo("0061d83cdf89");
    }

    private static String only(String text) {
        var parts = ShortMessage.inParts(text, 1);
        assertThat(parts).hasSize(1);
        assertThat(parts.getFirst().coding()).isEqualTo(ShortMessage.GSM);
        assertThat(parts.getFirst().hasHeader()).isFalse();
        return HEX.formatHex(parts.getFirst().content().toByteArray());
    }

    @ParameterizedTest
    @CsvSource({"160, 1", "161, 2", "306, 2", "307, 3", "1530, 10", "1531, 11"})
    void latinTextHas160CharactersOrPartsOf153(int length, int parts) {
        assertThat(ShortMessage.inParts("x".repeat(length), 1)).hasSize(parts);
    }

    @ParameterizedTest
    @CsvSource({"70, 1", "71, 2", "134, 2", "135, 3"})
    void otherTextHas70CharactersOrPartsOf67(int length, int parts) {
        assertThat(ShortMessage.inParts("ж".repeat(length), 1)).hasSize(parts);
    }

    @Test
    void partsAreNumberedAndHaveOneReference() { // 3GPP TS 23.040 9.2.3.24.1
        var parts = ShortMessage.inParts("x".repeat(307), 0x1ab);

        assertThat(parts).allMatch(ShortMessage::hasHeader);
        assertThat(parts.stream().map(p -> p.content().slice(0, 6)))
                .containsExactly(
                        Octets.of(HEX.parseHex("050003ab0301")),
                        Octets.of(HEX.parseHex("050003ab0302")),
                        Octets.of(HEX.parseHex("050003ab0303")));
    }

    @Test
    void noCharacterIsCutInTwo() {
        var escaped = ShortMessage.inParts("x".repeat(152) + "€".repeat(10), 1);
        assertThat(contents(escaped, StandardCharsets.ISO_8859_1).getFirst()).hasSize(152);

        var pairs = "x".repeat(66) + "🎉".repeat(10);
        assertThat(contents(ShortMessage.inParts(pairs, 1), StandardCharsets.UTF_16BE))
                .hasSize(2)
                .extracting(text -> text.codePointCount(0, text.length()))
                .containsExactly(66, 10);
    }

    @Test
    void nothingIsLostBetweenTheParts() {
        var text = "абвгдежз".repeat(50);

        assertThat(
                        contents(ShortMessage.inParts(text, 1), StandardCharsets.UTF_16BE).stream()
                                .collect(Collectors.joining()))
                .isEqualTo(text);
    }

    private static List<String> contents(
            List<ShortMessage> parts, java.nio.charset.Charset charset) {
        return parts.stream()
                .map(part -> new String(part.content().from(6).toByteArray(), charset))
                .toList();
    }

    @Test
    void aTextWithoutCharactersIsAMessage() {
        assertThat(only("")).isEmpty();
    }
}
