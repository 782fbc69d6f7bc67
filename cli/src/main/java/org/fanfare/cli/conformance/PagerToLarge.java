package org.fanfare.cli.conformance;

import static org.fanfare.cli.conformance.Scenario.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A MESSAGE of more than 1300 octets, which goes on as sessions (8.2.1.1/8.B): whom it reaches,
/// and how.
final class PagerToLarge {

    private static final Mode MODE = Mode.TO_LARGE;
    private static final LegRules RULES = new LegRules(MODE);

    private PagerToLarge() {}

    static List<Scenario> scenarios() {
        var scenarios = new ArrayList<Scenario>();
        scenarios.addAll(legs());
        scenarios.addAll(PagerToLargeInvites.scenarios());
        scenarios.addAll(media());
        return scenarios;
    }

    private static Scenario of(String name, String ids, String expected, Scenario.Script script) {
        return scenario(MODE + "/" + name, ids, expected, script);
    }

    private static List<Scenario> legs() {
        return List.of(
                of(
                        "session-for-each",
                        "8.2.1.1/8.B 8.2.1.1/8.B.a 8.2.1.1/8.B.a.iv 8.2.1.1/8.B.a.xiii"
                                + " 8.2.1.1/8.B.a.xiii.each 8.2.1.1/8.B.c 8.2.1.1/8.B.d.ii"
                                + " 8.2.1.1/8.B.d.iv 8.2.1.1/8.B.d.v 8.2.1.1/8.B.d.vi"
                                + " 8.2.1.1/8.B.d.vi.4 8.2.1.1/8.B.d.vii.a 8.2.1.1/8.B.d.vii.b"
                                + " 8.2.1.1/8.B.d.vii.c",
                        "INVITE, ACK, the content over MSRP and BYE for each recipient; 2xx",
                        RULES::sessionForEach),
                of(
                        "to-one",
                        "8.2.1.1/8.B.a.iv.else 8.2.1.1/8.B.a.xiii.else 8.2.1.1/8.B.c",
                        "the Request-URI of a message to one user is kept",
                        RULES::single),
                of(
                        "non-cpm-recipient",
                        "8.2.1.1/8.B.a.xiii.noncpm",
                        "a TEL URI on the list is the Request-URI",
                        RULES::nonCpm),
                of(
                        "list-for-a-group",
                        "8.2.1.1/8.B.a.xiv",
                        "the list of an ad-hoc group goes along in the INVITE",
                        PagerToLarge::group),
                of(
                                "neither-sip-nor-tel",
                                "8.2.1.1/8.B.b",
                                "an address that is neither SIP nor TEL URI: INVITE to the ISF",
                                RULES::neitherSipNorTel)
                        .needs(Need.ISF),
                of(
                                "no-direct-delivery",
                                "8.2.1.1/9.iv 8.2.1.1/9.iv.off",
                                "nothing goes to the sender's own address",
                                PagerToLarge::noDirectDelivery)
                        .needs(Need.NO_DIRECT_DELIVERY));
    }

    private static List<Scenario> media() {
        return List.of(
                of(
                        "recipient-is-active",
                        "8.2.1.1/8.B.d.iii.1",
                        "where the answer has setup:active, it waits for the connection",
                        RULES::recipientConnects),
                of(
                        "recipient-is-passive",
                        "8.2.1.1/8.B.d.iii.2 8.2.1.1/8.B.d.vi.1 8.2.1.1/8.B.d.vi.2",
                        "where it has setup:passive, it connects, and sends message/cpim there",
                        RULES::sends),
                of(
                                "chunks",
                                "8.2.1.1/8.B.d.vi.chunk",
                                "no chunk is larger than the maximum",
                                RULES::chunks)
                        .needs(Need.MSRP_CHUNK),
                of(
                        "cpim-as-it-came",
                        "8.2.1.1/8.B.d.vi.2.copy 8.2.1.1/8.B.d.vi.2.i 8.2.1.1/8.B.d.vi.3",
                        "Content-Type, cpm.Payload-Type and what is to be reported stay",
                        PagerToLarge::cpim),
                of(
                        "bye-after-the-last-response",
                        "8.2.1.1/8.B.d.vii",
                        "BYE only after the last chunk has its MSRP 200",
                        PagerToLarge::byeAfterTheLastResponse),
                of(
                        "one-refuses",
                        "8.2.1.1/8.B.a.xiii.each 8.2.1.1/8.B.d.vii.c",
                        "who refuses INVITE or content does not keep it from the others",
                        RULES::oneRefuses));
    }

    private static void group(Stage stage) throws Mismatch, InterruptedException {
        var controlling = stage.sip("controlling");
        var bob = stage.sip("bob");
        var message = MODE.to(stage, controlling).recipients(bob);
        MODE.serve(stage, message, controlling);

        var found = new ArrayList<String>();
        for (var part : Bodies.parts(stage.legTo(controlling).invite())) {
            found.add(part.body().utf8().strip());
        }
        Expect.that(
                found.contains(Outgoing.document(List.of(bob)).strip()),
                "the list, octet for octet",
                found.size() + " parts without it");
    }

    private static void byeAfterTheLastResponse(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var last = new CompletableFuture<Integer>();
        stage.when(bob, leg -> leg.holdingLast(last).accept());
        var sent = stage.begin(MODE.toMany(stage, bob));
        try {
            stage.legTo(bob).awaitLast();
            stage.settle();
            Expect.that(!stage.legTo(bob).hasBye(), "no BYE yet", "BYE");
            Expect.that(!sent.answer().isDone(), "no final response yet", "one");
        } finally {
            last.complete(200);
        }
        stage.legTo(bob).bye();
        stage.answered(sent);
    }

    private static void noDirectDelivery(Stage stage) throws Mismatch, InterruptedException {
        stage.at(stage.target().sender());
        var bob = stage.sip("bob");
        MODE.serve(stage, MODE.toMany(stage, bob), bob);
    }

    private static void cpim(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var message =
                MODE.toMany(stage, bob)
                        .cpimHeaders(
                                """
                                NS: imdn <urn:ietf:params:imdn>
                                imdn.Message-ID: 4f1d0b8e6a2c4e0f
                                imdn.Disposition-Notification: positive-delivery, display
                                NS: cpm <http://www.openmobilealliance.org/cpm/cpim>
                                cpm.Payload-Type: text/plain, image/png
                                """
                                        .replace("\n", "\r\n"))
                        .content(
                                "multipart/mixed;boundary=p",
                                "--p\r\nContent-Type: text/plain\r\n\r\n"
                                        + "x".repeat(2000)
                                        + "\r\n--p\r\nContent-Type: image/png\r\n\r\n\u0001\r\n"
                                        + "--p--\r\n");

        MODE.serve(stage, message, bob);
    }
}
