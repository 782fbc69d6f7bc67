package org.fanfare.cli.conformance;

import static org.fanfare.cli.conformance.Scenario.scenario;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// The answer to the INVITE of the sender (8.2.1.2).
final class LargeAnswers {

    private static final Mode MODE = Mode.LARGE;

    private LargeAnswers() {}

    static List<Scenario> scenarios() {
        return Stream.of(answers(), descriptions()).flatMap(List::stream).toList();
    }

    private static Scenario of(String name, String ids, String expected, Scenario.Script script) {
        return scenario(MODE + "/" + name, ids, expected, script);
    }

    private static List<Scenario> answers() {
        return List.of(
                of(
                        "answer-waits-for-a-recipient",
                        "8.2.1.2/200.1 8.2.1.2/200.6",
                        "200 when the first recipient has answered, and not before",
                        LargeAnswers::answerWaits),
                of(
                        "answer-contact",
                        "8.2.1.2/200.2.else",
                        "Contact of the 200 is a URI of the Participating Function's own",
                        LargeAnswers::contact),
                of(
                        "answer-contact-of-a-focus",
                        "8.2.1.2/200.2",
                        "a Contact with isfocus is copied",
                        LargeAnswers::focus),
                of(
                        "answer-server",
                        "8.2.1.2/200.3",
                        "Server gives the release of the Participating Function",
                        LargeAnswers::server),
                of(
                        "answer-session-expires",
                        "8.2.1.2/200.4",
                        "Session-Expires has the interval that the recipient answered",
                        LargeAnswers::sessionExpires),
                of(
                        "all-refuse",
                        "8.2.1.2/6",
                        "an error when every recipient refuses",
                        LargeAnswers::allRefuse));
    }

    private static List<Scenario> descriptions() {
        return List.of(
                of(
                        "answer-description",
                        "8.2.1.2/200.5 8.2.1.2/200.5.a 8.2.1.2/200.5.b 8.2.1.2/200.5.c"
                                + " 8.2.1.2/200.5.d",
                        "MSRP with a path of its own, a=recvonly and a=setup:passive",
                        LargeAnswers::description),
                of(
                        "answer-cema",
                        "8.2.1.2/200.5.e",
                        "a=msrp-cema where the sender offered it",
                        stage -> cema(stage, sdp -> sdp, true)),
                of(
                        "answer-without-cema",
                        "8.2.1.2/200.5.e.omit",
                        "no a=msrp-cema where the sender did not",
                        stage -> cema(stage, sdp -> sdp.replace("a=msrp-cema\r\n", ""), false)),
                of(
                        "listens",
                        "8.2.1.2/200.6.listen",
                        "a connection to the path of the answer is taken, and a SEND answered",
                        stage -> stage.call(MODE.toMany(stage, stage.sip("bob"))).connect()));
    }

    private static void answerWaits(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var carol = stage.sip("carol");
        stage.when(bob, Leg::ring);
        stage.when(carol, Leg::ring);
        var call = stage.call(MODE.toMany(stage, bob, carol));
        stage.legTo(bob);
        stage.legTo(carol);
        stage.settle();
        Expect.that(!call.isAnswered(), "no final response yet", "one");

        stage.legTo(carol).accept();

        Expect.status(call.answer(), 200);
        stage.note("200 after the first recipient");
    }

    private static void contact(Stage stage) throws Mismatch, InterruptedException {
        var call = stage.completed(MODE.toMany(stage, stage.sip("bob")));

        Expect.headerFits(call.answer(), "Contact", ".*sips?:.*");
        var contact = call.answer().header("Contact").orElse("");
        Expect.that(!stage.isOurs(contact), "not the Contact of the recipient", contact);
    }

    private static void focus(Stage stage) throws Mismatch, InterruptedException {
        var group = stage.sip("group");
        var focus = "<sip:focus@conference.invalid>;isfocus";
        stage.when(group, leg -> leg.answering(ok -> ok.set("Contact", focus)).accept());

        var call = stage.call(MODE.to(stage, group));
        Expect.success(call.answer());
        Expect.headerFits(
                call.answer(), "Contact", ".*sip:focus@conference\\.invalid>?.*;isfocus.*");
    }

    private static void server(Stage stage) throws Mismatch, InterruptedException {
        var call = stage.completed(MODE.toMany(stage, stage.sip("bob")));
        Expect.release(call.answer(), "Server");
    }

    private static void sessionExpires(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        stage.when(
                bob,
                leg ->
                        leg.answering(ok -> ok.set("Session-Expires", "120;refresher=uac"))
                                .accept());

        var call = stage.completed(MODE.to(stage, bob));
        Expect.headerFits(call.answer(), "Session-Expires", "120 *(;.*)?");
    }

    private static void allRefuse(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var carol = stage.sip("carol");
        stage.answers(bob, 486);
        stage.answers(carol, 603);

        var answer = stage.send(MODE.toMany(stage, bob, carol));
        Expect.that(answer.status() >= 300, "an error", Expect.describe(answer));
    }

    private static void description(Stage stage) throws Mismatch, InterruptedException {
        var call = stage.call(MODE.toMany(stage, stage.sip("bob")));
        var answer = call.description();

        Expect.that(
                answer.media().matches("m=message \\d+ TCP/(TLS/)?MSRP \\*"),
                "m=message with TCP/MSRP",
                answer.media());
        Expect.that(
                answer.path().startsWith("msrp") && !stage.isOurs(answer.path()),
                "a=path of the Participating Function",
                answer.path());
        Expect.attribute(answer, "recvonly");
        Expect.attribute(answer, "setup:passive");
        stage.note(String.join(" ", answer.lines()));
    }

    private static void cema(Stage stage, UnaryOperator<String> offer, boolean expected)
            throws Mismatch, InterruptedException {
        var call = stage.call(MODE.toMany(stage, stage.sip("bob")).sdp(offer));

        boolean has = call.description().has(Sdp.CEMA);
        Expect.that(has == expected, "msrp-cema: " + expected, "msrp-cema: " + has);
    }
}
