package org.fanfare.cli.conformance;

import static org.fanfare.cli.conformance.Scenario.scenario;

import org.fanfare.sip.SipResponse;

import java.util.List;
import java.util.stream.Stream;

/// What was sent lies in the mailbox of its sender, and the last answer to him names it, if he
/// prefers that or the provider does: steps 6 and 9.i of Pager Mode, and the BYE of a large
/// message.
record Recording(Mode mode) {

    static List<Scenario> scenarios() {
        var first = "8.2.1.1/6 8.2.1.1/6.record 8.2.1.1/9.i.a";
        var pager = "8.2.1.1/9.i.a.uid 8.2.1.1/9.i.b";
        var large = "8.2.1.2/bye.1.uid 8.2.1.2/bye.2.uid";
        return Stream.of(
                        new Recording(Mode.PAGER)
                                .scenarios(
                                        "8.2.1.1/9.i.a.policy " + pager,
                                        first + " " + pager,
                                        "8.2.1.1/6 8.2.1.1/6.else 8.2.1.1/9.i.else"),
                        new Recording(Mode.TO_LARGE)
                                .scenarios(
                                        "8.2.1.1/9.i.a.policy " + pager,
                                        first + " " + pager,
                                        "8.2.1.1/6 8.2.1.1/6.else 8.2.1.1/9.i.else"),
                        new Recording(Mode.LARGE)
                                .scenarios(
                                        large,
                                        "8.2.1.2/200.7 8.2.1.2/200.7.record 8.2.1.2/bye.1 " + large,
                                        "8.2.1.2/200.7 8.2.1.2/200.7.else 8.2.1.2/bye.1.off"
                                                + " 8.2.1.2/bye.2.uid.else"))
                .flatMap(List::stream)
                .toList();
    }

    private List<Scenario> scenarios(String always, String preferred, String not) {
        return List.of(
                scenario(
                                mode + "/recorded",
                                always,
                                "Message-UID in the last 2xx names the message in the mailbox",
                                this::recorded)
                        .needs(Need.STORE, Need.RECORDS_ALL),
                scenario(
                                mode + "/recorded-as-preferred",
                                preferred,
                                "the same by the sender's rule in the XDMS",
                                this::recorded)
                        .needs(Need.STORE, Need.RECORDS_WHO_PREFER_IT, Need.XDMS),
                scenario(
                                mode + "/not-recorded",
                                not,
                                "the XDMS is asked, and without such a rule there is no"
                                        + " Message-UID",
                                this::notRecorded)
                        .needs(Need.RECORDS_WHO_PREFER_IT, Need.XDMS, Need.TRUSTED));
    }

    private void recorded(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var outgoing = mode.toMany(stage, bob, stage.sip("carol"));
        var answer = mode.send(stage, outgoing);

        try (var mailbox = new Mailbox(stage.target())) {
            var object = mailbox.object(uid(answer), outgoing.contributionId());
            Expect.that(
                    object.isPresent(),
                    "an object with UID " + uid(answer) + " and this Contribution-ID",
                    "none in any folder");
            Expect.same(object.orElseThrow(), outgoing.cpim());
        }
        stage.note("Message-UID " + uid(answer));
    }

    private static long uid(SipResponse answer) throws Mismatch {
        Expect.headerFits(answer, "Message-UID", "[1-9]\\d{0,9}");
        return Long.parseLong(answer.header("Message-UID").orElse("0"));
    }

    /// Somebody who has not sent before: his rules are asked for now.
    private void notRecorded(Stage stage) throws Mismatch, InterruptedException {
        var alice = stage.sip("alice");
        var bob = stage.sip("bob");
        var asked = stage.xdms().asked(alice);
        var answer = mode.send(stage, mode.to(stage, bob).from(alice));

        var method = stage.waiting().await(asked, "the XDMS asked for the rules of the sender");
        Expect.that(method.equals("GET"), "GET", method);
        Expect.no(answer, "Message-UID");
    }
}
