package org.fanfare.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.imdn.Imdn;
import org.fanfare.imdn.Imdn.Kind;
import org.fanfare.imdn.Imdn.Status;
import org.fanfare.uri.Uri;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

/// The state of sent messages at their recipients, as disposition notifications tell it.
class DispositionReportsTest {

    private static final Uri BOB = Uri.parse("sip:+4915100000002@home.example;user=phone");
    private static final Uri CAROL = Uri.parse("sip:carol@home.example");
    private static final Uri MALLORY = Uri.parse("sip:mallory@home.example");
    private static final Uri EXPLODER = Uri.parse("sip:exploder@home.example");

    private final DispositionReports reports = new DispositionReports();

    DispositionReportsTest() {
        reports.await("m1", List.of(BOB, CAROL), List.of(EXPLODER));
    }

    private static Imdn imdn(Kind kind, Status status) {
        return imdn("m1", EXPLODER.toString(), kind, status);
    }

    private static Imdn imdn(String id, String recipient, Kind kind, Status status) {
        return new Imdn(id, "2026-03-02T10:15:30Z", recipient, "", kind, status);
    }

    private static final Imdn DELIVERED = imdn(Kind.DELIVERY, Status.DELIVERED);
    private static final Imdn DISPLAYED = imdn(Kind.DISPLAY, Status.DISPLAYED);

    @Test
    void eachRecipientHasHisOwnStateThoughAllNameTheExploderAsRecipient() { // reading 8
        assertThat(reports.accept(DELIVERED, BOB))
                .contains(
                        new DispositionReport("m1", BOB, Disposition.NONE, Disposition.DELIVERED));
        assertThat(reports.accept(DISPLAYED, CAROL)).isPresent();

        assertThat(reports.of("m1", BOB)).isEqualTo(Disposition.DELIVERED);
        assertThat(reports.of("m1", CAROL)).isEqualTo(Disposition.DISPLAYED);
        assertThat(reports.count("m1", Disposition.DELIVERED)).isEqualTo(2);
        assertThat(reports.count("m1", Disposition.DISPLAYED)).isEqualTo(1);
    }

    @Test
    void theSameReportTwiceCountsOnce() { // D12
        reports.accept(DELIVERED, BOB);

        assertThat(reports.accept(DELIVERED, BOB)).isEmpty();
        assertThat(reports.count("m1", Disposition.DELIVERED)).isEqualTo(1);
    }

    @Test
    void displayedBeforeDeliveredStaysDisplayed() { // D12
        reports.accept(DISPLAYED, BOB);

        assertThat(reports.accept(DELIVERED, BOB)).isEmpty();
        assertThat(reports.of("m1", BOB)).isEqualTo(Disposition.DISPLAYED);
    }

    @Test
    void aRecipientIsTheSameInEverySpellingOfHisAddress() { // I6
        reports.accept(DELIVERED, Uri.parse("tel:+49-151-00000002"));

        assertThat(reports.of("m1", BOB)).isEqualTo(Disposition.DELIVERED);
    }

    @Test
    void aReportOfAnUnknownMessageIsNotBelieved() { // I11
        assertThat(reports.accept(imdn("m2", "", Kind.DELIVERY, Status.DELIVERED), BOB)).isEmpty();
        assertThat(reports.ignored()).isEqualTo(1);
    }

    @Test
    void aReportFromSomebodyWhoDidNotGetTheMessageIsNotBelieved() { // I11
        assertThat(reports.accept(DELIVERED, MALLORY)).isEmpty();
        assertThat(reports.accept(imdn("m1", BOB.toString(), Kind.DELIVERY, Status.FAILED), CAROL))
                .as("Carol speaks for herself, whomever she names")
                .contains(new DispositionReport("m1", CAROL, Disposition.NONE, Disposition.FAILED));
        assertThat(reports.of("m1", BOB)).isEqualTo(Disposition.NONE);
        assertThat(reports.ignored()).isEqualTo(1);
    }

    @Test
    void theNetworkReportsOnTheRecipientThatItNames() { // reading 2
        var failed = imdn("m1", "tel:+4915100000002", Kind.DELIVERY, Status.FAILED);

        assertThat(reports.accept(failed, EXPLODER)).isPresent();
        assertThat(reports.of("m1", BOB)).isEqualTo(Disposition.FAILED);
        assertThat(reports.count("m1", Disposition.FAILED)).isEqualTo(1);
        assertThat(reports.count("m1", Disposition.PROCESSED)).isZero();
    }

    @Test
    void theNetworkCannotReportOnSomebodyElse() { // I11
        var failed = imdn("m1", MALLORY.toString(), Kind.DELIVERY, Status.FAILED);

        assertThat(reports.accept(failed, EXPLODER)).isEmpty();
    }

    @Test
    void membersOfAGroupAreNotKnownAndAllBelieved() {
        reports.await("g1", List.of(), List.of());

        assertThat(reports.accept(imdn("g1", "", Kind.DELIVERY, Status.DELIVERED), MALLORY))
                .isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "DELIVERY, DELIVERED, DELIVERED",
        "DELIVERY, FAILED, FAILED",
        "DELIVERY, FORBIDDEN, FAILED",
        "DELIVERY, ERROR, FAILED",
        "DISPLAY, DISPLAYED, DISPLAYED",
        "DISPLAY, FORBIDDEN, NONE",
        "PROCESSING, PROCESSED, PROCESSED",
        "PROCESSING, STORED, PROCESSED",
        "PROCESSING, ERROR, NONE",
        "INTERWORKING, LEGACY_SMS, INTERWORKED",
        "INTERWORKING, LEGACY_MMS, INTERWORKED",
        "INTERWORKING, ERROR, FAILED",
        "EXTENSION, EXTENSION, NONE"
    })
    void everyStatusSaysHowFarTheMessageCame(Kind kind, Status status, Disposition expected) {
        assertThat(Disposition.of(imdn(kind, status))).isEqualTo(expected);
    }

    @Test
    void whatIsAwaitedIsBoundedAndTheOldestIsForgotten() {
        for (int i = 0; i < DispositionReports.MAX_MESSAGES; i++) {
            reports.await("x" + i, List.of(BOB), List.of());
        }

        assertThat(reports.accept(DELIVERED, BOB)).isEmpty();
        assertThat(reports.accept(imdn("x0", "", Kind.DELIVERY, Status.DELIVERED), BOB))
                .isPresent();
    }
}
