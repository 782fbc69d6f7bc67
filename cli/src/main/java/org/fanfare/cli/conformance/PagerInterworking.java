package org.fanfare.cli.conformance;

import static org.fanfare.cli.conformance.Scenario.scenario;

import java.util.ArrayList;
import java.util.List;

/// What becomes of a MESSAGE that the core does not deliver: 8.A.iv.
final class PagerInterworking {

    /// The errors after which interworking is tried, in either mode.
    static final List<Integer> EIGHT = List.of(404, 405, 410, 414, 415, 416, 488, 606);

    private PagerInterworking() {}

    static List<Scenario> scenarios() {
        var scenarios = new ArrayList<Scenario>();
        for (int status : EIGHT) {
            var id = "8.2.1.1/8.A.iv." + status;
            scenarios.add(
                    scenario(
                                    "pager/interworking-after-" + status,
                                    id + " 8.2.1.1/8.A.iv.1 8.2.1.1/8.A.iv.2",
                                    "after " + status + " the MESSAGE goes to the ISF",
                                    stage -> interworked(stage, status))
                            .needs(Need.ISF));
            scenarios.add(
                    scenario(
                                    "pager/no-interworking-after-" + status,
                                    "8.2.1.1/8.A.iv.1 8.2.1.1/8.A.iv.2.else 8.2.1.1/8.A.v",
                                    status
                                            + " is the final response where there is no"
                                            + " interworking",
                                    stage -> notInterworked(stage, status))
                            .needs(Need.NO_ISF));
        }
        scenarios.add(
                scenario(
                                "pager/interworking-of-one-recipient",
                                "8.2.1.1/8.A.iv.2",
                                "of a list only who cannot be reached goes to the ISF",
                                PagerInterworking::oneOfTwo)
                        .needs(Need.ISF));
        scenarios.add(
                scenario(
                                "pager/interworking-not-after-486",
                                "8.2.1.1/8.A.iv.1 8.2.1.1/8.A.v",
                                "another error does not lead to the ISF",
                                PagerInterworking::otherError)
                        .needs(Need.ISF));
        scenarios.add(
                scenario(
                                "pager/interworking-fails",
                                "8.2.1.1/8.A.v",
                                "the final response of the ISF is that of the message",
                                PagerInterworking::isfFails)
                        .needs(Need.ISF));
        return scenarios;
    }

    private static void interworked(Stage stage, int status) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        stage.answers(bob, status, 200);
        var message = stage.messageTo(bob);

        Expect.success(stage.send(message));

        var first = stage.arrival(bob, 1);
        var second = stage.arrival(bob, 2);
        Expect.that(!first.viaIsf() && second.viaIsf(), "the core, then the ISF", "another way");
        Expect.same(second.request().body(), message.cpim());
        Expect.header(second.request(), "Contribution-ID", message.contributionId());
        stage.onlyFor(message, bob, bob);
    }

    private static void notInterworked(Stage stage, int status)
            throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        stage.answers(bob, status);
        var message = stage.messageTo(bob);

        Expect.status(stage.send(message), status);
        stage.settle();
        stage.onlyFor(message, bob);
    }

    private static void oneOfTwo(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var carol = stage.sip("carol");
        stage.answers(bob, 404, 200);
        var message = stage.message(bob, carol);

        Expect.success(stage.send(message));

        Expect.that(stage.arrival(bob, 2).viaIsf(), "a MESSAGE to the ISF", "to the core");
        Expect.that(!stage.arrival(carol, 1).viaIsf(), "a MESSAGE to the core", "to the ISF");
        stage.onlyFor(message, bob, bob, carol);
    }

    private static void otherError(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        stage.answers(bob, 486);
        var message = stage.messageTo(bob);

        Expect.status(stage.send(message), 486);
        stage.settle();
        stage.onlyFor(message, bob);
    }

    private static void isfFails(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        stage.answers(bob, 404, 606);
        var message = stage.messageTo(bob);

        Expect.status(stage.send(message), 606);
        stage.onlyFor(message, bob, bob);
    }
}
