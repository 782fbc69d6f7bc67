package org.fanfare.cpm;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.uri.Uri;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndReasonTest {

    private static SipRequest bye(String... reasons) {
        var bye = SipRequest.builder(Method.BYE, Uri.parse("sip:pf.home.example"));
        for (var reason : reasons) {
            bye.header("Reason", reason);
        }
        return bye.build();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SIP;cause=200;text=\"Call completed\"",
                "sip ; cause=200",
                "Q.850;cause=16, SIP;text=\"cause=480\";cause=200"
            })
    void aTransferHasSucceededWhereTheReasonSaysSo(String reason) {
        assertThat(EndReason.isCompleted(bye(reason))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SIP;cause=480;text=\"Transmission Failed\"",
                "SIP;cause=2000",
                "SIP;cause=480;text=\";cause=200\"",
                "Q.850;cause=200",
                "SIP",
                "SIP;cause=all",
                ";cause=200"
            })
    void andNowhereElse(String reason) {
        assertThat(EndReason.isCompleted(bye(reason))).isFalse();
    }

    @Test
    void norWhereThereIsNone() {
        assertThat(EndReason.isCompleted(bye())).isFalse();
    }

    @Test
    void whatWeSayOurselvesIsUnderstood() {
        assertThat(EndReason.isCompleted(bye(EndReason.COMPLETED.getFirst().value()))).isTrue();
        assertThat(EndReason.isCompleted(bye(EndReason.FAILED.getFirst().value()))).isFalse();
    }
}
