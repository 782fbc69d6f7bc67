package org.fanfare.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.testing.Clause;
import org.fanfare.uri.HostPort;
import org.fanfare.wire.MalformedMessage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

/// Offer and answer for a message session (RFC 3264, 4145, 6135, 6714).
class OfferAnswerTest {

    private static MessageMedia alice() {
        return MessageMedia.at(
                        false,
                        new HostPort("10.0.0.1", 2855),
                        List.of("msrp://10.0.0.1:2855/alice;tcp"))
                .withDirection(Direction.SENDONLY)
                .withSetup(Setup.ACTPASS)
                .withCema(true);
    }

    private static MessageMedia bob() {
        return MessageMedia.at(
                false, new HostPort("10.0.0.2", 2856), List.of("msrp://10.0.0.2:2856/bob;tcp"));
    }

    /// As a middlebox changes it that knows nothing of MSRP.
    private static MessageMedia elsewhere(MessageMedia media) {
        return new MessageMedia(
                media.secure(),
                new HostPort("10.9.9.9", 9),
                media.path(),
                media.setup(),
                media.acceptTypes(),
                media.acceptWrappedTypes(),
                media.fileSelector(),
                media.cema(),
                media.maxSize(),
                media.direction());
    }

    @Clause({"8.2.1.2/200.5.c", "8.2.1.2/200.5.d", "8.2.1.2/200.5.e"})
    @Test
    void theAnswerReceivesWaitsAndKnowsCemaToo() {
        var answer = OfferAnswer.answer(alice(), bob());

        assertThat(answer.direction()).isEqualTo(Direction.RECVONLY);
        assertThat(answer.setup()).isEqualTo(Setup.PASSIVE);
        assertThat(answer.cema()).isTrue();
        assertThat(answer.path()).isEqualTo(bob().path());
        assertThatCode(() -> OfferAnswer.checkAnswer(alice(), answer)).doesNotThrowAnyException();
    }

    @Clause("8.2.1.2/200.5.e.omit")
    @Test
    void withoutCemaInTheOfferThereIsNoneInTheAnswer() {
        assertThat(OfferAnswer.answer(alice().withCema(false), bob().withCema(true)).cema())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "ACTPASS, PASSIVE, PASSIVE",
        "ACTPASS, ACTIVE, ACTIVE",
        "ACTPASS, , PASSIVE",
        "ACTIVE, ACTIVE, PASSIVE",
        "PASSIVE, PASSIVE, ACTIVE",
        ", ACTIVE, PASSIVE"
    })
    void oneConnectsAndOneWaits(
            @Nullable Setup offered, @Nullable Setup preferred, Setup answered) {
        var offer = withSetup(alice(), offered);

        var answer = OfferAnswer.answer(offer, withSetup(bob(), preferred));

        assertThat(answer.setup()).isEqualTo(answered);
        assertThat(OfferAnswer.weConnect(offer, answer)).isEqualTo(answered == Setup.PASSIVE);
        OfferAnswer.checkAnswer(offer, answer);
    }

    private static MessageMedia withSetup(MessageMedia media, @Nullable Setup setup) {
        return new MessageMedia(
                media.secure(),
                media.address(),
                media.path(),
                setup,
                media.acceptTypes(),
                media.acceptWrappedTypes(),
                media.fileSelector(),
                media.cema(),
                media.maxSize(),
                media.direction());
    }

    @Test
    void whoSaysNothingInHisAnswerWaits() {
        assertThat(OfferAnswer.weConnect(alice(), bob())).isTrue();
        assertThat(OfferAnswer.weConnect(alice().withSetup(Setup.PASSIVE), bob())).isFalse();
    }

    @Clause("7.2.1.2/200.E")
    @Test
    void withCemaTheConnectionGoesToCAndM() {
        assertThat(OfferAnswer.connectTo(alice(), elsewhere(bob()).withCema(true)))
                .hasToString("10.9.9.9:9");
        assertThat(OfferAnswer.connectTo(alice(), elsewhere(bob()))).hasToString("10.9.9.9:9");
        assertThat(OfferAnswer.connectTo(alice().withCema(false), elsewhere(bob()).withCema(true)))
                .as("only to the path by those who do not know it")
                .hasToString("10.0.0.2:2856");
    }

    @Test
    void anAddressChangedByOneWhoDoesNotKnowMsrpIsRefused() { // RFC 6714 4.2, 4.3
        refused(() -> OfferAnswer.answer(elsewhere(alice()).withCema(false), bob()));
        refused(() -> OfferAnswer.checkAnswer(alice(), elsewhere(bob()).withSetup(Setup.ACTIVE)));
        assertThat(OfferAnswer.answer(elsewhere(alice()), bob()).cema()).isTrue();
    }

    @Test
    void aSideWithTlsAndOneWithoutDoNotMeet() {
        var tls =
                MessageMedia.at(
                        true, new HostPort("10.0.0.2", 1), List.of("msrps://10.0.0.2:1/b;tcp"));

        refused(() -> OfferAnswer.answer(alice(), tls));
        refused(() -> OfferAnswer.checkAnswer(alice(), tls));
    }

    @Test
    void anAnswerThatIsNoneIsRefused() {
        var answer = OfferAnswer.answer(alice(), bob());

        refused(() -> OfferAnswer.checkAnswer(alice(), answer.withSetup(Setup.ACTPASS)));
        refused(() ->
                OfferAnswer.checkAnswer(
                        alice().withSetup(Setup.ACTIVE), answer.withSetup(Setup.ACTIVE)));
        refused(() -> OfferAnswer.checkAnswer(alice(), answer.withDirection(Direction.SENDRECV)));
        OfferAnswer.checkAnswer(alice(), answer.withDirection(Direction.INACTIVE));
    }

    private static void refused(Runnable exchange) {
        assertThatThrownBy(exchange::run)
                .isInstanceOfSatisfying(
                        MalformedMessage.class,
                        malformed -> assertThat(malformed.sipStatus()).isEqualTo(488));
    }
}
