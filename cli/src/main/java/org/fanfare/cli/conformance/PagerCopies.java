package org.fanfare.cli.conformance;

import static org.fanfare.cli.conformance.Scenario.scenario;

import org.fanfare.sip.SipRequest;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// The MESSAGE that each recipient gets: 8.2.1.1/8.A.ii.6 to 13, in string form for whoever looks
/// for an id.
final class PagerCopies {

    private PagerCopies() {}

    static List<Scenario> scenarios() {
        var scenarios = new ArrayList<Scenario>();
        scenarios.add(
                scenario(
                        "pager/one-to-many",
                        "def/EXPLODER-URI.pf 8.2.1.1/0 8.2.1.1/8.A.ii 8.2.1.1/8.A.ii.6"
                                + " 8.2.1.1/8.A.ii.8 8.2.1.1/8.A.ii.8.each 8.2.1.1/8.A.ii.13"
                                + " 8.2.1.1/9 8.2.1.1/9.ii",
                        "one MESSAGE for each recipient at the core, addressed to him; 200",
                        PagerCopies::oneToMany));
        scenarios.add(
                scenario(
                        "pager/exploder-uri-is-compared-as-a-uri",
                        "def/EXPLODER-URI.pf",
                        "the EXPLODER-URI with its host in capitals is the same",
                        PagerCopies::exploderInCapitals));
        scenarios.add(
                scenario(
                        "pager/non-cpm-recipient",
                        "8.2.1.1/8.A.ii.8.noncpm",
                        "a TEL URI on the list is the Request-URI",
                        PagerCopies::nonCpm));
        scenarios.addAll(copied());
        scenarios.add(
                scenario(
                        "pager/nothing-invented",
                        "8.2.1.1/8.A.ii.7.Reply-To 8.2.1.1/8.A.ii.7.Expires 8.2.1.1/8.A.ii.11"
                                + " 8.2.1.1/8.A.ii.7.InReplyTo-Contribution-ID"
                                + " 8.2.1.1/8.A.ii.7.Subject",
                        "what was not received is not in the copy",
                        PagerCopies::nothingInvented));
        scenarios.add(
                scenario(
                        "pager/no-list-in-copies",
                        "8.2.1.1/8.A.ii.9",
                        "neither list nor history nor another recipient is in a copy",
                        PagerCopies::noList));
        scenarios.add(
                scenario(
                        "pager/user-agent",
                        "8.2.1.1/8.A.ii.10",
                        "User-Agent gives the release of the Participating Function",
                        stage -> Expect.release(copy(stage, m -> m), "User-Agent")));
        scenarios.add(
                scenario(
                                "pager/privacy",
                                "8.2.1.1/8.A.ii.11",
                                "the values of Privacy are in the copy",
                                PagerCopies::privacy)
                        .needs(Need.ANONYMITY, Need.ANONYMITY_TO_MANY));
        scenarios.add(
                scenario(
                        "pager/originator-asserted",
                        "8.2.1.1/8.A.ii.12",
                        "P-Asserted-Identity of the copy is the sender",
                        PagerCopies::originator));
        scenarios.add(
                scenario(
                        "pager/octet-for-octet",
                        "8.2.1.1/8.A.ii.6",
                        "the message/cpim body of a copy is the one that was sent",
                        PagerCopies::octetForOctet));
        scenarios.add(
                scenario(
                        "pager/requests-of-their-own",
                        "8.2.1.1/8.A.ii.6",
                        "each copy has a Call-ID, a tag and a branch of its own (RFC 5365 7.2)",
                        PagerCopies::ownRequests));
        return scenarios;
    }

    /// One for each header field of step 7.
    private static List<Scenario> copied() {
        return List.of(
                copied("8.2.1.1/8.A.ii.7", "Accept-Contact", Service.acceptContact(Service.MSG)),
                copied("8.2.1.1/8.A.ii.7.Conversation-ID", "Conversation-ID", "c0ffee-42-x"),
                copied("8.2.1.1/8.A.ii.7.Contribution-ID", "Contribution-ID", ""),
                copied("8.2.1.1/8.A.ii.7.Reply-To", "Reply-To", "<sip:office@home.example>"),
                copied("8.2.1.1/8.A.ii.7.Expires", "Expires", "86401"),
                copied(
                        "8.2.1.1/8.A.ii.7.InReplyTo-Contribution-ID",
                        "InReplyTo-Contribution-ID",
                        "7a1e-9"),
                copied("8.2.1.1/8.A.ii.7.Subject", "Subject", "Lunch; noon, \u00fcber"));
    }

    /// @param value empty for the one that the message has in any case
    private static Scenario copied(String id, String name, String value) {
        return scenario(
                "pager/copied-" + name.toLowerCase(java.util.Locale.ROOT),
                id,
                name + " of every copy is the one received",
                stage -> {
                    var bob = stage.sip("bob");
                    var carol = stage.sip("carol");
                    var message = stage.message(bob, carol);
                    if (!value.isEmpty()) {
                        message.set(name, value);
                    }
                    stage.deliver(message);

                    var expected = value.isEmpty() ? message.contributionId() : value;
                    Expect.header(stage.copyFor(bob), name, expected);
                    Expect.header(stage.copyFor(carol), name, expected);
                });
    }

    /// For one of two recipients.
    private static SipRequest copy(Stage stage, UnaryOperator<Outgoing> change)
            throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        stage.deliver(change.apply(stage.message(bob, stage.sip("carol"))));
        return stage.copyFor(bob);
    }

    private static void oneToMany(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var carol = stage.sip("carol");
        var dave = stage.tel();
        var message = stage.message(bob, carol, dave);

        Expect.status(stage.send(message), 200);

        for (var uri : List.of(bob, carol, dave)) {
            var copy = stage.copyFor(uri);
            Expect.that(
                    copy.requestUriText().equals(uri), "Request-URI " + uri, copy.requestUriText());
        }
        stage.onlyFor(message, bob, carol, dave);
    }

    private static void exploderInCapitals(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var domain = stage.target().domain();
        var capitals =
                stage.target()
                        .exploder()
                        .replace(domain, domain.toUpperCase(java.util.Locale.ROOT));

        Mode.PAGER.serve(stage, stage.messageTo(capitals).recipients(bob), bob);
    }

    private static void nonCpm(Stage stage) throws Mismatch, InterruptedException {
        var tel = stage.tel();
        stage.deliver(stage.message(stage.sip("bob"), tel));

        var seen = stage.copyFor(tel).requestUriText();
        Expect.that(seen.equals(tel), "Request-URI " + tel, seen);
    }

    private static void nothingInvented(Stage stage) throws Mismatch, InterruptedException {
        Expect.no(
                copy(stage, m -> m),
                "Reply-To",
                "Expires",
                "InReplyTo-Contribution-ID",
                "Subject",
                "Privacy");
    }

    private static void noList(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var carol = stage.sip("carol");
        stage.deliver(
                stage.message(bob, carol)
                        .part(
                                "application/resource-lists+xml\r\n"
                                        + "Content-Disposition: recipient-list-history",
                                Outgoing.document(List.of("sip:erin@home.example"))));

        Expect.nowhere(stage.copyFor(bob), "resource-lists", "recipient-list", carol, "erin");
        Expect.nowhere(stage.copyFor(carol), "resource-lists", "recipient-list", bob, "erin");
    }

    private static void privacy(Stage stage) throws Mismatch, InterruptedException {
        Expect.header(
                copy(stage, m -> m.header("Privacy", "id;critical")), "Privacy", "id;critical");
    }

    private static void originator(Stage stage) throws Mismatch, InterruptedException {
        Expect.originator(copy(stage, m -> m), stage.target().sender());
    }

    private static void octetForOctet(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var carol = stage.sip("carol");
        var message = stage.message(bob, carol).text("\u00fc\u0000\u0001\r\n--x\r\n\r\n\u20ac ");

        Mode.PAGER.serve(stage, message, bob, carol);
        Expect.headerFits(stage.copyFor(bob), "Content-Type", "(?i)message/cpim(;.*)?");
    }

    private static void ownRequests(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var carol = stage.sip("carol");
        stage.deliver(stage.message(bob, carol));

        var one = stage.copyFor(bob);
        var other = stage.copyFor(carol);
        Expect.that(!one.callId().equals(other.callId()), "two Call-IDs", one.callId());
        Expect.that(
                !one.topBranch().equals(other.topBranch()),
                "two branches",
                one.topBranch().ascii());
        Expect.that(
                !one.from().tag().equals(other.from().tag()),
                "two tags in From",
                one.from().toString());
    }
}
