package org.fanfare.sip.dialog;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.sip.SipRequest;
import org.fanfare.testing.Clause;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;

/// What a request and its 2xx agree on (RFC 4028).
class SessionTimerTest {

    private static final Duration WANTED = Duration.ofMinutes(10);

    private static SipRequest invite(
            boolean supported, @Nullable String sessionExpires, @Nullable String minSe) {
        var invite = Agent.invite("<sip:a@a.example>");
        if (!supported) {
            invite.remove("Supported");
        }
        if (sessionExpires != null) {
            invite.header("Session-Expires", sessionExpires);
        }
        if (minSe != null) {
            invite.header("Min-SE", minSe);
        }
        return invite.build();
    }

    @Clause({"8.2.1.2/5", "8.2.1.2/200.4"})
    @ParameterizedTest
    @CsvSource({
        // table 2, and the interval: never more than asked for, nor less than Min-SE
        "true, , , 600;refresher=uas, true",
        "true, , 700, 700;refresher=uas, true",
        "true, 1800, , 600;refresher=uas, true",
        "true, 300, , 300;refresher=uas, true",
        "true, 1800, 900, 900;refresher=uas, true",
        "true, 1800;refresher=uac, , 600;refresher=uac, true",
        "true, 1800;Refresher=UAC, , 600;refresher=uac, true",
        "true, 1800;refresher=uas, , 600;refresher=uas, true",
        "false, 1800, , 600;refresher=uas, false",
        "false, 30, , 90;refresher=uas, false"
    })
    void theCalleeAnswers(
            boolean supported,
            @Nullable String asked,
            @Nullable String minSe,
            String answered,
            boolean required) {
        var terms =
                SessionTimer.termsFor(invite(supported, asked, minSe), WANTED, SessionTimer.LEAST);

        assertThat(terms)
                .isInstanceOfSatisfying(
                        SessionTimer.Terms.Timed.class,
                        timed -> {
                            assertThat(timed.sessionExpires()).hasToString(answered);
                            assertThat(timed.required()).isEqualTo(required);
                            assertThat(timed.timer().byUs()).isEqualTo(answered.endsWith("uas"));
                        });
    }

    @Test
    void whoKnowsNoTimerHasNone() {
        assertThat(SessionTimer.termsFor(invite(false, null, null), WANTED, SessionTimer.LEAST))
                .isInstanceOf(SessionTimer.Terms.Untimed.class);
    }

    @ParameterizedTest
    @CsvSource({"89, true", "90, false", "91, false"})
    void shorterThanTheLeastIsRefused(String asked, boolean refused) {
        var terms = SessionTimer.termsFor(invite(true, asked, null), WANTED, SessionTimer.LEAST);

        assertThat(terms instanceof SessionTimer.Terms.TooShort).isEqualTo(refused);
    }

    @Clause({"7.2.1.2/200.A", "8.2.1.1/8.B.d.i"})
    @ParameterizedTest
    @CsvSource({
        "600;refresher=uac, 600;refresher=uac, 600, true",
        "600;refresher=uac, 300;refresher=uas, 300, false",
        "600;refresher=uas, 300, 300, false",
        ", 300, 300, true",
        ", 5;refresher=uac, 90, true"
    })
    void theCallerTakesWhatIsAnswered(
            @Nullable String asked, String answered, int seconds, boolean byUs) {
        var ours = invite(true, asked, null);
        var success = ours.answer(200).header("Session-Expires", answered).build();

        assertThat(SessionTimer.ofAnswer(ours, success))
                .contains(new SessionTimer(Duration.ofSeconds(seconds), byUs));
        assertThat(SessionTimer.ofAnswer(ours, ours.answer(200).build())).isEmpty();
    }

    @Test
    void whoRefreshesDoesSoAtHalfTimeAndWhoWaitsEndsALittleEarlier() { // 10
        var ours = new SessionTimer(Duration.ofMinutes(10), true);
        var theirs = new SessionTimer(Duration.ofMinutes(10), false);
        var shorter = new SessionTimer(Duration.ofSeconds(90), false);

        assertThat(ours.refreshAfter()).isEqualTo(Duration.ofMinutes(5));
        assertThat(ours.endsAfter()).isEqualTo(Duration.ofMinutes(10));
        assertThat(theirs.endsAfter()).isEqualTo(Duration.ofSeconds(568));
        assertThat(shorter.endsAfter()).isEqualTo(Duration.ofMinutes(1));
    }
}
