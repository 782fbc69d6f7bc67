package org.fanfare.cpm;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.testing.Effort;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

class CpmWarning_Test {

    @Test
    void numberOfCpmStandsInTheTextOfA399() {
        assertThat(CpmWarning.SERVICE_NOT_AUTHORISED.header("pf.home.example"))
                .isEqualTo("399 pf.home.example \"127 Service not authorised\"");
    }

    @ParameterizedTest
    @EnumSource
    void everyWarningIsWrittenAndReadBack(CpmWarning warning) {
        assertThat(Warning.firstKnown(List.of(warning.header("pf")))).contains(warning);
        assertThat(warning.status()).isEqualTo(warning.number() == 102 ? 486 : 403);
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "399 pf.example:5060 \"127 Service not authorised\"|SERVICE_NOT_AUTHORISED",
                "127 pf.example \"Service not authorised\"|SERVICE_NOT_AUTHORISED",
                "399 \"102 Too many recipients\"|TOO_MANY_RECIPIENTS",
                "399 pf \"anonymity NOT allowed\"|ANONYMITY_NOT_ALLOWED",
                "399 pf \"Size Exceeded\"|SIZE_EXCEEDED",
                "399 pf \"Version no supported\"|VERSION_NOT_SUPPORTED",
                "399 pf \"132 Version no supported\"|VERSION_NOT_SUPPORTED",
                "370 pf \"Insufficient bandwidth\", 399 pf \"129 No destinations\"|NO_DESTINATIONS",
                "399 [2001:db8::1] \"122\tFunction not allowed\"|FUNCTION_NOT_ALLOWED"
            },
            delimiter = '|')
    void warningsOfManySpellingsAreUnderstood(String field, CpmWarning warning) {
        assertThat(Warning.firstKnown(List.of(field))).contains(warning);
    }

    @Test
    void numberAndWordsOfAnUnknownWarningAreTold() {
        var warning = Warning.parse(List.of("399 pf \"999 Some \\\"new\\\" thing\"")).getFirst();

        assertThat(warning.number()).isEqualTo(999);
        assertThat(warning.words()).isEqualTo("Some \"new\" thing");
        assertThat(warning.agent()).isEqualTo("pf");
        assertThat(warning.known()).isEmpty();
        assertThat(Warning.parse(List.of(warning.toString()))).containsExactly(warning);
        assertThat(Warning.parse(List.of("399 pf \"Message expired\"")).getFirst().number())
                .isEqualTo(399);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "399",
                "399 pf",
                "399 pf text",
                "399 pf \"open",
                "pf \"x\"",
                "39 pf \"x\""
            })
    void whatIsNoWarningIsPassedOver(String field) {
        assertThat(Warning.parse(List.of(field))).isEmpty();
    }

    @Test
    void hostileWarningCostsLittle() { // G8
        var field = List.of("399 " + "a".repeat(32_000) + " \"" + "\\".repeat(32_000));

        assertThat(Effort.millis(50, () -> Warning.parse(field))).isLessThan(50);
        assertThat(Warning.parse(List.of("399 pf \"x\", ".repeat(100)))).hasSize(16);
    }
}
