package org.fanfare.cli.conformance;

import static org.fanfare.cli.conformance.Scenario.scenario;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// The INVITE that a MESSAGE of more than 1300 octets becomes: 8.2.1.1/8.B.a.
final class PagerToLargeInvites {

    private static final String PREFERRED = "P-Preferred-Service";
    private static final String ASSERTED = "P-Asserted-Service";
    private static final Mode MODE = Mode.TO_LARGE;
    private static final LegRules RULES = new LegRules(MODE);

    private PagerToLargeInvites() {}

    static List<Scenario> scenarios() {
        return Stream.of(invites(), offers()).flatMap(List::stream).toList();
    }

    private static Scenario of(String name, String ids, String expected, Scenario.Script script) {
        return scenario(MODE + "/" + name, ids, expected, script);
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
                        PagerToLargeInvites::originator),
                copied("v", "Reply-To", "<sip:office@home.example>"),
                copied("vii", "Privacy", "id;critical")
                        .needs(Need.ANONYMITY, Need.ANONYMITY_TO_MANY),
                copied("xv", "Conversation-ID", "c0ffee-42-x"),
                of(
                        "copied-contribution-id",
                        "8.2.1.1/8.B.a.xvi",
                        "Contribution-ID is copied to the INVITE",
                        PagerToLargeInvites::contribution),
                copied("xvii", "InReplyTo-Contribution-ID", "7a1e-9"),
                of(
                        "user-agent",
                        "8.2.1.1/8.B.a.vi",
                        "User-Agent gives the release of the Participating Function",
                        stage -> Expect.release(RULES.invite(stage), "User-Agent")),
                of(
                        "supports-timer",
                        "8.2.1.1/8.B.a.viii",
                        "Supported has timer",
                        RULES::supportsTimer),
                of(
                        "message-expires",
                        "8.2.1.1/8.B.a.ix",
                        "Expires becomes Message-Expires",
                        PagerToLargeInvites::messageExpires),
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
                "copied-" + name.toLowerCase(Locale.ROOT),
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

    private static void contribution(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var message = MODE.toMany(stage, bob);
        var invite = RULES.invite(stage, message, bob);
        Expect.header(invite, "Contribution-ID", message.contributionId());
    }

    private static void originator(Stage stage) throws Mismatch, InterruptedException {
        Expect.originator(RULES.invite(stage), stage.target().sender());
    }

    private static void messageExpires(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var message = MODE.toMany(stage, bob).header("Expires", "86401");
        Expect.header(RULES.invite(stage, message, bob), "Message-Expires", "86401");
    }
}
