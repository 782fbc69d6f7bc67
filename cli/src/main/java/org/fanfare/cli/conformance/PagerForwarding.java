package org.fanfare.cli.conformance;

import static org.fanfare.cli.conformance.Scenario.scenario;

import java.util.ArrayList;
import java.util.List;

/// A MESSAGE that is not for the EXPLODER-URI, and the final response of either kind.
final class PagerForwarding {

    private static final int[] STATUSES = {200, 202, 404, 480, 486, 603};

    private PagerForwarding() {}

    static List<Scenario> scenarios() {
        var scenarios = new ArrayList<Scenario>();
        scenarios.add(
                scenario(
                        "pager/1300-octets",
                        "limit/1300.pf 8.2.1.1/8 8.2.1.1/8.A",
                        "1300 octets of message/cpim go on as MESSAGE",
                        PagerForwarding::asMessage));
        scenarios.add(
                scenario(
                        "pager/1301-octets",
                        "limit/1300.pf 8.2.1.1/8 8.2.1.1/8.B",
                        "1301 octets of message/cpim go on as INVITE with MSRP",
                        PagerForwarding::asSession));
        scenarios.add(
                scenario(
                        "pager/to-one",
                        "8.2.1.1/8.A.iii",
                        "a MESSAGE to one user, by SIP or TEL URI, is forwarded to the core",
                        PagerForwarding::toOne));
        scenarios.add(
                scenario(
                        "pager/pre-defined-group",
                        "8.2.1.1/8.A.iii",
                        "a MESSAGE to a pre-defined group is forwarded to the core",
                        PagerForwarding::group));
        scenarios.add(
                scenario(
                        "pager/ad-hoc-group",
                        "8.2.1.1/8.A.iii 8.2.1.1/8.A.iii.adhoc",
                        "a MESSAGE for an ad-hoc group is forwarded with its list, octet for octet",
                        stage -> adHoc(stage, stage.sip("controlling"))));
        scenarios.add(
                scenario(
                                "pager/ad-hoc-group-elsewhere",
                                "8.2.1.1/8.A.i 8.2.1.1/8.A.iii.adhoc",
                                "also where its address is neither SIP nor TEL URI, and not to the"
                                        + " ISF",
                                stage -> adHoc(stage, stage.other("controlling")))
                        .needs(Need.ISF));
        scenarios.add(
                scenario(
                                "pager/neither-sip-nor-tel",
                                "8.2.1.1/8.A.i 8.2.1.1/8.A.i.1",
                                "an address that is neither SIP nor TEL URI goes to the ISF",
                                PagerForwarding::neither)
                        .needs(Need.ISF));
        for (int status : STATUSES) {
            scenarios.add(
                    scenario(
                                    "pager/final-response-" + status,
                                    "8.2.1.1/8.A.v",
                                    status + " of the only recipient is the final response",
                                    stage -> finalResponse(stage, status))
                            .needs(status == 404 ? new Need[] {Need.NO_ISF} : new Need[0]));
        }
        scenarios.add(
                scenario(
                        "pager/one-of-three-succeeds",
                        "8.2.1.1/8.A.v 8.2.1.1/9",
                        "success for the sender when one recipient of three has it",
                        PagerForwarding::oneOfThree));
        scenarios.add(
                scenario(
                        "pager/all-fail",
                        "8.2.1.1/8.A.v",
                        "the failure that all recipients answer is the final response",
                        PagerForwarding::allFail));
        return scenarios;
    }

    private static void asMessage(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        Mode.PAGER.serve(stage, stage.messageTo(bob).octets(1300), bob);
    }

    private static void asSession(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        Mode.TO_LARGE.serve(stage, stage.messageTo(bob).octets(1301), bob);
    }

    private static void toOne(Stage stage) throws Mismatch, InterruptedException {
        for (var uri : List.of(stage.sip("bob"), stage.tel())) {
            var message = stage.messageTo(uri);
            Mode.PAGER.serve(stage, message, uri);
            var seen = stage.copyFor(uri);
            Expect.that(
                    seen.requestUriText().equals(uri), "Request-URI " + uri, seen.requestUriText());
            Expect.header(seen, "Contribution-ID", message.contributionId());
        }
    }

    private static void group(Stage stage) throws Mismatch, InterruptedException {
        var group = stage.sip("group");
        var message =
                stage.messageTo(group).header("P-Preferred-Service", Service.MSG + Service.GROUP);

        Mode.PAGER.serve(stage, message, group);
        Expect.header(stage.copyFor(group), "P-Asserted-Service", Service.MSG + Service.GROUP);
    }

    private static void adHoc(Stage stage, String controlling)
            throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var message = stage.messageTo(controlling).recipients(bob, stage.sip("carol"));
        stage.deliver(message);

        var copy = stage.copyFor(controlling);
        Expect.same(copy.body(), message.build("sip:x@invalid", "").body());
        Expect.headerFits(
                copy, "Content-Type", "(?i)multipart/mixed *; *boundary=\"?conformance\"?");
        Expect.that(!stage.arrival(controlling, 1).viaIsf(), "a MESSAGE to the core", "to the ISF");
        stage.onlyFor(message, controlling);
    }

    private static void neither(Stage stage) throws Mismatch, InterruptedException {
        var mail = stage.other("carol");
        Mode.PAGER.serve(stage, stage.messageTo(mail), mail);
        Expect.that(stage.arrival(mail, 1).viaIsf(), "a MESSAGE to the ISF", "to the core");
    }

    private static void finalResponse(Stage stage, int status)
            throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        stage.answers(bob, status);
        var message = stage.messageTo(bob);

        Expect.status(stage.send(message), status);
        stage.onlyFor(message, bob);
    }

    private static void oneOfThree(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var carol = stage.sip("carol");
        var dave = stage.sip("dave");
        stage.answers(bob, 486);
        stage.answers(dave, 603);

        Expect.success(stage.send(stage.message(bob, carol, dave)));
        stage.copyFor(carol);
    }

    private static void allFail(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var carol = stage.sip("carol");
        stage.answers(bob, 486);
        stage.answers(carol, 486);

        Expect.status(stage.send(stage.message(bob, carol)), 486);
    }
}
