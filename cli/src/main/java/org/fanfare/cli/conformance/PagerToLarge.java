package org.fanfare.cli.conformance;

import static org.fanfare.cli.conformance.Scenario.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A MESSAGE of more than 1300 octets, which goes on as sessions: 8.2.1.1/8.B.
final class PagerToLarge {

    private static final String CPM_SERVER = "CPM-serv/OMA\\d+\\.\\d+(\\s.*)?";
    private static final String PREFERRED = "P-Preferred-Service";
    private static final String ASSERTED = "P-Asserted-Service";
    private static final Mode MODE = Mode.TO_LARGE;
    private static final LegRules RULES = new LegRules(MODE);

    private PagerToLarge() {}

    static List<Scenario> scenarios() {
        var scenarios = new ArrayList<Scenario>();
        scenarios.addAll(legs());
        scenarios.addAll(invites());
        scenarios.addAll(offers());
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

    private static List<Scenario> invites() {
        return List.of(
                of(
                        "accept-contact",
                        "8.2.1.1/8.B.a.i 8.2.1.1/8.B.a.i.tag",
                        "Accept-Contact with the tag of Large Message Mode, percent encoded",
                        RULES::acceptContact),
                of(
                        "no-instance",
                        "8.2.1.1/8.B.a.i.instance",
                        "an Accept-Contact with +sip.instance is not copied",
                        RULES::noInstance),
                service("1", PREFERRED, ""),
                service("2", PREFERRED, Service.GROUP),
                service("3", ASSERTED, "").needs(Need.TRUSTED),
                service("4", ASSERTED, Service.GROUP).needs(Need.TRUSTED),
                of(
                        "originator-asserted",
                        "8.2.1.1/8.B.a.iii",
                        "P-Asserted-Identity is the sender",
                        PagerToLarge::originator),
                copied("v", "Reply-To", "<sip:office@home.example>"),
                copied("vii", "Privacy", "id;critical")
                        .needs(Need.ANONYMITY, Need.ANONYMITY_TO_MANY),
                copied("xv", "Conversation-ID", "c0ffee-42-x"),
                of(
                        "copied-contribution-id",
                        "8.2.1.1/8.B.a.xvi",
                        "Contribution-ID is copied to the INVITE",
                        PagerToLarge::contribution),
                copied("xvii", "InReplyTo-Contribution-ID", "7a1e-9"),
                of(
                        "user-agent",
                        "8.2.1.1/8.B.a.vi",
                        "User-Agent gives the release of the Participating Function",
                        stage -> {
                            var bob = stage.sip("bob");
                            var invite = RULES.invite(stage, MODE.toMany(stage, bob), bob);
                            Expect.headerFits(invite, "User-Agent", CPM_SERVER);
                        }),
                of(
                        "supports-timer",
                        "8.2.1.1/8.B.a.viii",
                        "Supported has timer",
                        RULES::supportsTimer),
                of(
                        "message-expires",
                        "8.2.1.1/8.B.a.ix",
                        "Expires becomes Message-Expires",
                        PagerToLarge::messageExpires),
                of(
                        "session-expires",
                        "8.2.1.1/8.B.a.x 8.2.1.1/8.B.a.xi limit/1800.pager",
                        "Session-Expires below 1800 with refresher=uac",
                        RULES::sessionTimer),
                of(
                                "session-interval",
                                "8.2.1.1/8.B.a.xi",
                                "Session-Expires has the value of the provider",
                                RULES::interval)
                        .needs(Need.SESSION_INTERVAL),
                of("no-min-se", "8.2.1.1/8.B.a.xii", "no Min-SE", RULES::noMinSe));
    }

    private static Scenario service(String step, String header, String group) {
        return of(
                (header.equals(PREFERRED) ? "preferred-service" : "asserted-service") + group,
                "8.2.1.1/8.B.a.ii 8.2.1.1/8.B.a.ii." + step,
                "P-Asserted-Service is that of Large Message Mode",
                stage ->
                        RULES.service(
                                stage, header, Service.MSG + group, Service.LARGEMSG + group));
    }

    private static Scenario copied(String step, String name, String value) {
        return of(
                "copied-" + name.toLowerCase(java.util.Locale.ROOT),
                "8.2.1.1/8.B.a." + step,
                name + " is copied to the INVITE",
                stage -> RULES.copied(stage, name, value));
    }

    private static List<Scenario> offers() {
        var id = "8.2.1.1/8.B.a.xviii";
        return List.of(
                of("offer", id, "an SDP offer of MSRP", RULES::mediaLine),
                of(
                        "offer-direction",
                        id + ".1",
                        "a=sendonly",
                        stage -> RULES.has(stage, "sendonly")),
                of(
                        "offer-accept-types",
                        id + ".2",
                        "a=accept-types:message/cpim",
                        stage -> RULES.has(stage, "accept-types:message/cpim")),
                of("offer-path", id + ".3", "a=path of its own", RULES::ownPath),
                of(
                        "offer-file-selector",
                        id + ".4",
                        "a=file-selector:size with the octets of the message",
                        RULES::fileSelector),
                of(
                        "offer-setup",
                        id + ".5",
                        "a=setup:actpass",
                        stage -> RULES.has(stage, "setup:actpass")));
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

    private static void contribution(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var message = MODE.toMany(stage, bob);
        var invite = RULES.invite(stage, message, bob);
        Expect.header(invite, "Contribution-ID", message.contributionId());
    }

    private static void originator(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var invite = RULES.invite(stage, MODE.toMany(stage, bob), bob);
        var sender = java.util.regex.Pattern.quote(stage.target().sender());
        Expect.headerFits(invite, "P-Asserted-Identity", "[^<]*<?" + sender + ">?");
    }

    private static void messageExpires(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var message = MODE.toMany(stage, bob).header("Expires", "86401");
        Expect.header(RULES.invite(stage, message, bob), "Message-Expires", "86401");
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
