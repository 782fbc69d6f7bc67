package org.fanfare.cli.conformance;

import static org.fanfare.cli.conformance.Scenario.scenario;

import java.util.ArrayList;
import java.util.List;

/// What becomes of an INVITE that the core does not deliver: 8.2.1.1/8.B.d.vii.d.a and the errors
/// of 8.2.1.2.
final class SessionInterworking {

    private static final String AFTER = "8.2.1.1/8.B.d.vii.d.a";

    private SessionInterworking() {}

    static List<Scenario> ofPager() {
        var scenarios = new ArrayList<Scenario>();
        for (int status : List.of(404, 488, 606)) {
            scenarios.add(
                    scenario(
                                    "pager-to-large/interworking-after-" + status,
                                    AFTER + " " + AFTER + "." + status + " " + AFTER + ".i",
                                    "after " + status + " the INVITE goes to the ISF",
                                    stage -> interworked(stage, Mode.TO_LARGE, status))
                            .needs(Need.ISF));
            scenarios.add(
                    scenario(
                                    "pager-to-large/no-interworking-after-" + status,
                                    AFTER + "." + status + " " + AFTER + ".ii",
                                    status + " is the answer where there is no interworking",
                                    stage -> notInterworked(stage, status))
                            .needs(Need.NO_ISF));
        }
        scenarios.add(
                scenario(
                                "pager-to-large/interworking-fails",
                                AFTER + ".ii.tried",
                                "interworking is tried once, and then the error is the answer",
                                stage -> isfFails(stage, Mode.TO_LARGE))
                        .needs(Need.ISF));
        scenarios.add(
                scenario(
                                "pager-to-large/interworking-after-msrp-error",
                                AFTER + ".msrp " + AFTER + ".i",
                                "after an error to MSRP SEND the INVITE goes to the ISF",
                                SessionInterworking::afterMsrpError)
                        .needs(Need.ISF));
        scenarios.add(
                scenario(
                                "pager-to-large/no-interworking-after-msrp-error",
                                AFTER + ".msrp " + AFTER + ".ii",
                                "an error to MSRP SEND is an error for the sender",
                                SessionInterworking::msrpError)
                        .needs(Need.NO_ISF));
        return scenarios;
    }

    static List<Scenario> ofLarge() {
        var scenarios = new ArrayList<Scenario>();
        for (int status : PagerInterworking.EIGHT) {
            scenarios.add(
                    scenario(
                                    "large/interworking-after-" + status,
                                    "8.2.1.2/err." + status + " 8.2.1.2/err.isf 8.2.1.2/err.200",
                                    "after "
                                            + status
                                            + " the INVITE goes to the ISF, whose 200 counts",
                                    stage -> interworked(stage, Mode.LARGE, status))
                            .needs(Need.ISF));
            scenarios.add(
                    scenario(
                                    "large/no-interworking-after-" + status,
                                    "8.2.1.2/err." + status + " 8.2.1.2/err.isf.else",
                                    "an error after " + status + " where there is no interworking",
                                    stage -> refused(stage, status))
                            .needs(Need.NO_ISF));
        }
        scenarios.add(
                scenario(
                                "large/interworking-fails",
                                "8.2.1.2/err.final",
                                "the final response of the ISF is the answer to the INVITE",
                                stage -> isfFails(stage, Mode.LARGE))
                        .needs(Need.ISF));
        scenarios.add(
                scenario(
                                "large/neither-sip-nor-tel",
                                "8.2.1.2/8",
                                "an address that is neither SIP nor TEL URI: INVITE to the ISF",
                                new LegRules(Mode.LARGE)::neitherSipNorTel)
                        .needs(Need.ISF));
        return scenarios;
    }

    private static void interworked(Stage stage, Mode mode, int status)
            throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        stage.answers(bob, status, 200);
        var outgoing = mode.to(stage, bob);
        mode.serveAllBut(stage, outgoing);

        var first = stage.arrival(bob, 1);
        var second = stage.arrival(bob, 2);
        Expect.that(!first.viaIsf() && second.viaIsf(), "the core, then the ISF", "another way");
        Expect.same(second.session().whole(), outgoing.cpim());
        stage.note(Bodies.describe(outgoing.cpim()) + " at the ISF");
    }

    private static void notInterworked(Stage stage, int status)
            throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        stage.answers(bob, status);
        var message = Mode.TO_LARGE.to(stage, bob);

        Expect.status(stage.send(message), status);
        stage.onlyFor(message, bob);
    }

    /// Which error it is, the text leaves open.
    private static void refused(Stage stage, int status) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        stage.answers(bob, status);
        var invite = Mode.LARGE.to(stage, bob);

        var answer = stage.send(invite);
        Expect.that(answer.status() >= 300, "an error", Expect.describe(answer));
        stage.onlyFor(invite, bob);
    }

    private static void isfFails(Stage stage, Mode mode) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        stage.answers(bob, 404, 606);
        var outgoing = mode.to(stage, bob);

        Expect.status(stage.send(outgoing), 606);
        Expect.that(stage.arrival(bob, 2).viaIsf(), "an INVITE to the ISF", "to the core");
        stage.onlyFor(outgoing, bob, bob);
    }

    private static void afterMsrpError(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        stage.when(bob, leg -> leg.refusingChunks(415).accept());
        var message = Mode.TO_LARGE.to(stage, bob);

        stage.deliver(message);
        Expect.that(stage.arrival(bob, 2).viaIsf(), "an INVITE to the ISF", "to the core");
        Expect.same(stage.arrival(bob, 2).session().whole(), message.cpim());
    }

    private static void msrpError(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        stage.when(bob, leg -> leg.refusingChunks(415).accept());

        var answer = stage.send(Mode.TO_LARGE.to(stage, bob));
        Expect.that(answer.status() >= 300, "an error", Expect.describe(answer));
    }
}
