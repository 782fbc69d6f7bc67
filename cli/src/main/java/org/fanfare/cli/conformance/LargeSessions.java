package org.fanfare.cli.conformance;

import static org.fanfare.cli.conformance.Scenario.scenario;

import java.util.List;

/// What follows the INVITE of the sender: CANCEL, the media, BYE (8.2.1.2).
final class LargeSessions {

    private static final Mode MODE = Mode.LARGE;
    private static final LegRules RULES = new LegRules(MODE);

    private LargeSessions() {}

    private static Scenario of(String name, String ids, String expected, Scenario.Script script) {
        return scenario(MODE + "/" + name, ids, expected, script);
    }

    static List<Scenario> scenarios() {
        return List.of(
                of(
                        "cancel",
                        "8.2.1.2/cancel.1 8.2.1.2/cancel.2",
                        "CANCEL: 487 for the sender, and CANCEL for each recipient",
                        LargeSessions::cancel),
                of(
                        "chunks-are-answered",
                        "8.2.1.2/media",
                        "MSRP 200 to every chunk, and the right octets at each recipient",
                        LargeSessions::chunksAnswered),
                of(
                        "content-refused",
                        "8.2.1.2/media",
                        "where the only recipient refuses the content, not every chunk has 200",
                        LargeSessions::contentRefused),
                of(
                        "recipient-is-active",
                        "8.2.1.2/7.l.v 8.2.1.2/7.b.each",
                        "a recipient may open the connection itself",
                        RULES::recipientConnects),
                of(
                        "one-refuses",
                        "8.2.1.2/7.b.each",
                        "who refuses INVITE or content does not keep it from the others",
                        RULES::oneRefuses),
                of(
                        "bye",
                        "8.2.1.2/bye.2 8.2.1.2/bye.forward",
                        "200 to the BYE of the sender, and BYE with its Reason for each recipient",
                        LargeSessions::bye),
                of(
                        "bye-before-the-end",
                        "8.2.1.2/bye.2 8.2.1.2/bye.forward",
                        "BYE before the content is complete ends the session with the recipient",
                        LargeSessions::byeBeforeTheEnd),
                of(
                        "bye-of-the-recipient",
                        "8.2.1.2/bye.2.term 8.2.1.2/bye.forward.term",
                        "200 to the BYE of the only recipient, and BYE for the sender",
                        LargeSessions::byeOfTheRecipient),
                of(
                        "bye-of-one-recipient",
                        "8.2.1.2/bye.2.term 8.2.1.2/7.b.each",
                        "BYE of one recipient of two does not keep it from the other",
                        LargeSessions::byeOfOne),
                of(
                        "bye-after-the-last-response",
                        "8.2.1.2/bye.forward",
                        "BYE for a recipient only after its last chunk has its MSRP 200",
                        RULES::byeAfterTheLastResponse),
                of(
                                "no-direct-delivery",
                                "8.2.1.2/dd.check 8.2.1.2/dd.check.off",
                                "nothing goes to the sender's own address",
                                LargeSessions::noDirectDelivery)
                        .needs(Need.NO_DIRECT_DELIVERY));
    }

    private static void cancel(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var carol = stage.sip("carol");
        stage.when(bob, Leg::ring);
        stage.when(carol, Leg::ring);
        var call = stage.call(MODE.toMany(stage, bob, carol));
        var one = stage.legTo(bob);
        var other = stage.legTo(carol);
        call.awaitProvisional();

        call.cancel();

        Expect.status(call.answer(), 487);
        one.awaitCancel();
        other.awaitCancel();
        stage.note("487, and CANCEL for both");
    }

    private static void chunksAnswered(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var carol = stage.sip("carol");
        var invite = MODE.toMany(stage, bob, carol).octets(100_000);
        var call = stage.call(invite).connect();

        var statuses = call.send(invite.cpim(), 10_000);
        Expect.that(
                statuses.equals(java.util.Collections.nCopies(10, 200)),
                "ten times MSRP 200",
                statuses.toString());
        Expect.same(stage.legTo(bob).whole(), invite.cpim());
        Expect.same(stage.legTo(carol).whole(), invite.cpim());
        stage.note("10 MSRP 200, " + Bodies.describe(invite.cpim()));
        Expect.success(call.hangUp(Call.COMPLETED));
    }

    private static void contentRefused(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        for (int attempt = 0; attempt < 2; attempt++) { // the second one by way of the ISF
            stage.when(bob, leg -> leg.refusingChunks(413).accept());
        }
        var invite = MODE.to(stage, bob);
        var call = stage.call(invite).connect();

        var statuses = call.send(invite.cpim(), 2048);
        Expect.that(
                statuses.stream().anyMatch(status -> status != 200),
                "an MSRP error",
                statuses.toString());
        stage.note("MSRP " + statuses);
    }

    private static void bye(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var carol = stage.sip("carol");
        MODE.serve(stage, MODE.toMany(stage, bob, carol), bob, carol);

        for (var uri : List.of(bob, carol)) {
            var bye = stage.legTo(uri).bye();
            Expect.headerFits(bye, "Reason", "(?i)SIP *; *cause=200 *; *text=\"Call completed\"");
        }
        stage.note("BYE with " + Call.COMPLETED);
    }

    private static void byeBeforeTheEnd(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var call = stage.call(MODE.toMany(stage, bob)).connect();

        Expect.success(call.hangUp(Call.FAILED));
        stage.legTo(bob).bye();
        Expect.that(!stage.legTo(bob).isWhole(), "no complete content", "content");
        stage.note("BYE for the recipient");
    }

    private static void byeOfTheRecipient(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var call = stage.call(MODE.to(stage, bob)).connect();
        stage.legTo(bob).ack();

        Expect.success(stage.legTo(bob).hangUp());
        call.bye();
        stage.note("BYE for the sender");
    }

    private static void byeOfOne(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var carol = stage.sip("carol");
        var invite = MODE.toMany(stage, bob, carol);
        var call = stage.call(invite).connect();
        stage.legTo(bob).ack();

        Expect.success(stage.legTo(bob).hangUp());
        call.send(invite.cpim(), 2048);
        Expect.same(stage.legTo(carol).whole(), invite.cpim());
        Expect.success(call.hangUp(Call.COMPLETED));
    }

    private static void noDirectDelivery(Stage stage) throws Mismatch, InterruptedException {
        stage.at(stage.target().sender());
        var bob = stage.sip("bob");
        MODE.serve(stage, MODE.toMany(stage, bob), bob);
    }
}
