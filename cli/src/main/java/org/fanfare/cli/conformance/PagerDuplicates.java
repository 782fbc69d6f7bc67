package org.fanfare.cli.conformance;

import static org.fanfare.cli.conformance.Scenario.scenario;

import java.util.List;

/// What comes twice and goes out once.
final class PagerDuplicates {

    private PagerDuplicates() {}

    static List<Scenario> scenarios() {
        return List.of(
                scenario(
                                "pager/retransmission",
                                "8.2.1.1/8.A.ii.8.each",
                                "a retransmitted MESSAGE is one MESSAGE (RFC 3261 17.2)",
                                PagerDuplicates::retransmission)
                        .needs(Need.TRUSTED),
                scenario(
                                "pager/same-contribution-id",
                                "8.2.1.1/8.A.ii.8.each",
                                "the same Contribution-ID again is answered, and not delivered"
                                        + " again",
                                PagerDuplicates::sameContributionId)
                        .needs(Need.NO_DUPLICATES));
    }

    private static void retransmission(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var message = stage.message(bob);

        stage.sendTwiceByDatagram(message);
        stage.copyFor(bob);
        stage.settle();
        stage.onlyFor(message, bob);
    }

    private static void sameContributionId(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var message = stage.message(bob);

        stage.deliver(message);
        stage.deliver(message);
        stage.settle();
        stage.onlyFor(message, bob);
    }
}
