package org.fanfare.interworking;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.uri.SipUri;
import org.junit.jupiter.api.Test;

import java.util.Optional;

class InterworkingSelectionTest {

    @Test
    void theRouteToTheFunctionIsLooseHoweverItIsConfigured() { // RFC 3261 16.12.1
        for (var uri : new String[] {"sip:isf.home.example", "sip:isf.home.example;lr"}) {
            var isf = new InterworkingSelection.Isf(SipUri.parse(uri), Optional.empty(), false);

            assertThat(isf.uri()).hasToString("sip:isf.home.example;lr");
        }
    }
}
