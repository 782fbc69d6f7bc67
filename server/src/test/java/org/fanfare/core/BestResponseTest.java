package org.fanfare.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.sip.SipResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;
import java.util.List;

/// RFC 3261 16.7 step 6.
class BestResponseTest {

    @ParameterizedTest
    @CsvSource({
        "404 200 603, 200",
        "404 603 486, 603",
        "503 404 302, 302",
        "404 500, 404",
        "404 486, 404",
        "486 415, 415",
        "404 401, 401",
        "410 484, 484",
        "503 500, 500",
        "503 504, 504",
        "503, 503"
    })
    void theBestOfAllIsTaken(String all, int expected) {
        var responses =
                Arrays.stream(all.split(" ", -1))
                        .map(status -> SipResponse.builder(Integer.parseInt(status), "x").build())
                        .toList();

        assertThat(BestResponse.of(responses).orElseThrow().status()).isEqualTo(expected);
        assertThat(BestResponse.of(responses.reversed()).orElseThrow().status())
                .isEqualTo(expected);
    }

    @Test
    void ofNoneThereIsNone() {
        assertThat(BestResponse.of(List.of())).isEmpty();
    }
}
