package org.fanfare.cli.conformance;

import static org.fanfare.cli.conformance.Scenario.scenario;

import java.util.ArrayList;
import java.util.List;

/// The INVITE that comes in and those that go out: steps 5 to 8 of 8.2.1.2.
final class LargeInvites {

    private static final Mode MODE = Mode.LARGE;
    private static final LegRules RULES = new LegRules(MODE);

    private LargeInvites() {}

    static List<Scenario> scenarios() {
        var scenarios = new ArrayList<Scenario>();
        scenarios.addAll(interval());
        scenarios.addAll(legs());
        scenarios.addAll(services());
        scenarios.addAll(offers());
        return scenarios;
    }

    private static Scenario of(String name, String ids, String expected, Scenario.Script script) {
        return scenario(MODE + "/" + name, ids, expected, script);
    }

    private static List<Scenario> interval() {
        return List.of(
                of(
                        "refresher-uac",
                        "8.2.1.2/5",
                        "Session-Expires with refresher=uac is served, and stays so (RFC 4028)",
                        LargeInvites::refresherUac),
                of(
                        "refresher-uas",
                        "8.2.1.2/5.403 8.2.1.2/5.warn",
                        "403 with 122 for Session-Expires with refresher=uas",
                        LargeInvites::refresherUas),
                of(
                        "interval-too-small",
                        "8.2.1.2/5",
                        "422 with Min-SE for an interval of 30 s (RFC 4028 6)",
                        LargeInvites::tooSmall));
    }

    private static List<Scenario> legs() {
        return List.of(
                of(
                        "session-for-each",
                        "8.2.1.2/0 8.2.1.2/6 8.2.1.2/7 8.2.1.2/7.a 8.2.1.2/7.b 8.2.1.2/7.b.each"
                                + " 8.2.1.2/8.else 8.2.1.2/ack 8.2.1.2/bye.2 8.2.1.2/bye.forward"
                                + " def/EXPLODER-URI.pf",
                        "INVITE, ACK, the content over MSRP and BYE for each recipient",
                        RULES::sessionForEach),
                of(
                        "to-one",
                        "8.2.1.2/7.c 8.2.1.2/8.else",
                        "the Request-URI of a message to one user is kept",
                        RULES::single),
                of(
                        "non-cpm-recipient",
                        "8.2.1.2/7.b.noncpm",
                        "a TEL URI on the list is the Request-URI",
                        RULES::nonCpm),
                of(
                        "accept-contact",
                        "8.2.1.2/7.d",
                        "Accept-Contact is copied, percent encoded",
                        RULES::acceptContact),
                of(
                        "contact",
                        "8.2.1.2/7.f 8.2.1.2/7.j",
                        "Contact has a URI of the Participating Function's own",
                        LargeInvites::contact),
                of(
                        "session-expires",
                        "8.2.1.2/7.g 8.2.1.2/7.h limit/1800.large",
                        "Session-Expires below 1800 with refresher=uac",
                        RULES::sessionTimer),
                of(
                                "session-interval",
                                "8.2.1.2/7.h",
                                "Session-Expires has the value of the provider",
                                RULES::interval)
                        .needs(Need.SESSION_INTERVAL),
                of("no-min-se", "8.2.1.2/7.i", "no Min-SE", RULES::noMinSe),
                of(
                        "no-list-in-invites",
                        "8.2.1.2/7.k",
                        "neither list nor history nor another recipient is in an INVITE",
                        RULES::noList));
    }

    private static List<Scenario> services() {
        return List.of(
                service("7.e.i", "P-Preferred-Service", Service.LARGEMSG),
                service("7.e.ii", "P-Preferred-Service", Service.LARGEMSG + Service.GROUP),
                service("7.e.iii", "P-Asserted-Service", Service.LARGEMSG).needs(Need.TRUSTED),
                service("7.e.iii.group", "P-Asserted-Service", Service.LARGEMSG + Service.GROUP)
                        .needs(Need.TRUSTED),
                of(
                                "foreign-service",
                                "8.2.1.2/7.e.iii.403",
                                "P-Asserted-Service with another value: 403 and nobody gets it, or"
                                        + " served",
                                LargeInvites::foreignService)
                        .needs(Need.TRUSTED));
    }

    private static Scenario service(String step, String header, String service) {
        return of(
                "service-" + step,
                "8.2.1.2/7.e 8.2.1.2/" + step,
                header + " with " + service.replaceFirst(".*cpm", "") + " is asserted",
                stage -> RULES.service(stage, header, service, service));
    }

    private static List<Scenario> offers() {
        var id = "8.2.1.2/7.l";
        return List.of(
                of("offer", id + " " + id + ".i", "an SDP offer of MSRP", RULES::mediaLine),
                of("offer-path", id + ".ii", "a=path of its own", RULES::ownPath),
                of(
                        "offer-direction",
                        id + ".iii",
                        "a=sendonly",
                        stage -> RULES.has(stage, "sendonly")),
                of(
                        "offer-file-selector",
                        id + ".iv",
                        "a=file-selector:size with the octets of the message",
                        RULES::fileSelector),
                of(
                        "offer-setup",
                        id + ".v",
                        "a=setup:actpass",
                        stage -> RULES.has(stage, "setup:actpass")),
                of("offer-cema", id + ".vi", "a=msrp-cema", stage -> RULES.has(stage, Sdp.CEMA)));
    }

    private static void refresherUac(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var call =
                stage.completed(
                        MODE.toMany(stage, bob).header("Session-Expires", "600;refresher=uac"));

        Expect.headerFits(
                call.answer(), "Session-Expires", "(?i)\\d+ *;(.*;)? *refresher=uac *(;.*)?");
    }

    private static void refresherUas(Stage stage) throws Mismatch, InterruptedException {
        var invite =
                MODE.toMany(stage, stage.sip("bob"))
                        .header("Session-Expires", "1800;refresher=uas");

        Expect.refused(stage.send(invite), 403, "122 Function not allowed");
        stage.nobodyGot(invite);
    }

    private static void tooSmall(Stage stage) throws Mismatch, InterruptedException {
        var invite =
                MODE.toMany(stage, stage.sip("bob")).header("Session-Expires", "30;refresher=uac");

        var answer = stage.send(invite);
        Expect.status(answer, 422);
        Expect.headerFits(answer, "Min-SE", "\\d{2,}.*");
        stage.nobodyGot(invite);
    }

    private static void contact(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var invite = RULES.invite(stage, MODE.toMany(stage, bob), bob);

        Expect.headerFits(invite, "Contact", ".*sips?:.*");
        var contact = invite.header("Contact").orElse("");
        Expect.that(!stage.isOurs(contact), "not the Contact of the sender", contact);
    }

    private static void foreignService(Stage stage) throws Mismatch, InterruptedException {
        var invite =
                MODE.toMany(stage, stage.sip("bob"))
                        .header("P-Asserted-Service", "urn:urn-7:3gpp-service.ims.icsi.mmtel");

        var answer = stage.send(invite);
        if (answer.status() == 403) {
            stage.nobodyGot(invite);
        } else {
            Expect.success(answer);
        }
    }
}
