package org.fanfare.cli.conformance;

import static org.fanfare.cli.conformance.Scenario.scenario;

import java.util.List;
import java.util.stream.IntStream;

/// What is checked of a message to many, in each of the three branches that have it, and how its
/// list is read (RFC 5365, RFC 5363).
///
/// @param anonymity id of the check
/// @param number id of the check
/// @param empty id of the check
/// @param members id of the step that takes the members from the list
record ListChecks(Mode mode, String anonymity, String number, String empty, String members) {

    static List<Scenario> of(
            Mode mode, String anonymity, String number, String empty, String members) {
        return new ListChecks(mode, anonymity, number, empty, members).scenarios();
    }

    private List<Scenario> scenarios() {
        return List.of(
                of(
                                "anonymity-to-many-refused",
                                all(anonymity, "", ".403", ".warn"),
                                "403 with 119 where this originator may not be anonymous to many",
                                this::anonymityRefused)
                        .needs(Need.NO_ANONYMITY_TO_MANY),
                of(
                                "anonymity-to-many-allowed",
                                anonymity + ".else",
                                "anonymity to many that is allowed is served",
                                this::anonymityAllowed)
                        .needs(Need.ANONYMITY, Need.ANONYMITY_TO_MANY),
                of(
                        "anonymity-to-many-not-requested",
                        anonymity + ".off",
                        "who asks for no anonymity is served whatever the policy",
                        this::plain),
                of(
                                "too-many",
                                all(number, "", "." + 486, ".warn"),
                                "486 with 102 for one recipient more than the maximum",
                                this::tooMany)
                        .needs(Need.MAX_RECIPIENTS),
                of(
                                "as-many-as-allowed",
                                number + ".else",
                                "the maximum itself is served",
                                this::asManyAsAllowed)
                        .needs(Need.MAX_RECIPIENTS),
                of(
                        "empty-list",
                        all(empty, "", ".403", ".warn"),
                        "403 with 129 for a list without entries",
                        this::emptyList),
                of(
                        "members-of-the-list",
                        notEmpty() + " " + members,
                        "the members on the list get it, octet for octet, and nobody else",
                        this::members),
                of(
                        "several-lists",
                        members,
                        "all lists in the body count as one (RFC 5363 4.1)",
                        this::severalLists),
                of(
                        "listed-twice",
                        members,
                        "who is on the list twice, however written, gets it once (RFC 5363 4.1)",
                        this::listedTwice),
                of(
                        "list-cannot-be-read",
                        members,
                        "a list that is no XML is refused, and nobody gets it",
                        this::unreadable));
    }

    private Scenario of(String name, String ids, String expected, Scenario.Script script) {
        return scenario(mode + "/" + name, ids, expected, script);
    }

    private static String all(String id, String... endings) {
        return String.join(" ", List.of(endings).stream().map(ending -> id + ending).toList());
    }

    /// Branch A prints it as a step of its own.
    private String notEmpty() {
        return mode == Mode.PAGER ? "8.2.1.1/8.A.ii.4" : empty + ".else";
    }

    private void refused(Stage stage, Outgoing message, int status, String warning)
            throws Mismatch, InterruptedException {
        Expect.refused(stage.send(message), status, warning);
        stage.nobodyGot(message);
    }

    private void anonymityRefused(Stage stage) throws Mismatch, InterruptedException {
        var message = mode.toMany(stage, stage.sip("bob"), stage.sip("carol")).anonymous();

        refused(stage, message, 403, "119 Anonymity not allowed");
    }

    private void anonymityAllowed(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var carol = stage.sip("carol");

        mode.serve(stage, mode.toMany(stage, bob, carol).anonymous(), bob, carol);
    }

    private void plain(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var carol = stage.sip("carol");

        mode.serve(stage, mode.toMany(stage, bob, carol), bob, carol);
    }

    private void tooMany(Stage stage) throws Mismatch, InterruptedException {
        var uris = several(stage, stage.target().number(Stated.MAX_RECIPIENTS) + 1);

        refused(stage, mode.toMany(stage, uris), 486, "102 Too many recipients");
    }

    private void asManyAsAllowed(Stage stage) throws Mismatch, InterruptedException {
        var uris = several(stage, stage.target().number(Stated.MAX_RECIPIENTS));

        mode.serve(stage, mode.toMany(stage, uris), uris);
    }

    private static String[] several(Stage stage, int count) {
        return IntStream.range(0, count).mapToObj(i -> stage.sip("r" + i)).toArray(String[]::new);
    }

    private void emptyList(Stage stage) throws Mismatch, InterruptedException {
        refused(stage, mode.toMany(stage), 403, "129 No destinations");
    }

    private void members(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var carol = stage.sip("carol");
        var dave = stage.tel();

        mode.serve(stage, mode.toMany(stage, bob, carol, dave), bob, carol, dave);
    }

    private void severalLists(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var carol = stage.sip("carol");
        var message = mode.toMany(stage, bob).list(Outgoing.document(List.of(carol, bob)));

        mode.serve(stage, message, bob, carol);
    }

    private void listedTwice(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var escaped = bob.replaceFirst("sip:b", "sip:%62");
        var domain = stage.target().domain();
        var loud = bob.replace(domain, domain.toUpperCase(java.util.Locale.ROOT));

        mode.serve(stage, mode.toMany(stage, bob, bob, escaped, loud), bob);
    }

    private void unreadable(Stage stage) throws Mismatch, InterruptedException {
        var message = mode.to(stage, stage.target().exploder()).list("<resource-lists xmlns=");

        var answer = stage.send(message);
        Expect.that(answer.status() / 100 == 4, "4xx", Expect.describe(answer));
        stage.nobodyGot(message);
    }
}
