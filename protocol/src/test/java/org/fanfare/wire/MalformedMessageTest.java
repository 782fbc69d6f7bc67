package org.fanfare.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MalformedMessageTest {

    @Test
    void itsTextIsHarmlessWhateverCame() { // C1
        var fault = new MalformedMessage("bad \r\n\u001b[2J\u0000 " + "x".repeat(1000), 3, "RFC 1");

        assertThat(fault.getMessage()).matches("\\P{Cntrl}*").hasSizeLessThan(400);
        assertThat(fault.reason()).matches("\\P{Cntrl}*");
        assertThat(fault.getMessage()).endsWith(" at octet 3 (RFC 1)");
    }

    @Test
    void itKnowsItsAnswerAndCostsNoStackTrace() {
        var fault = new MalformedMessage("too long", 0, "RFC 3261 21.4.12", 414);

        assertThat(fault.sipStatus()).isEqualTo(414);
        assertThat(new MalformedMessage("x", 0, "").sipStatus()).isEqualTo(400);
        assertThat(fault.getStackTrace()).isEmpty();
    }
}
