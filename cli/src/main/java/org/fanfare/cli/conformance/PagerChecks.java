package org.fanfare.cli.conformance;

import static org.fanfare.cli.conformance.Scenario.scenario;

import java.util.List;

/// Pager Mode up to the copies.
final class PagerChecks {

    static final List<Scenario> SCENARIOS =
            List.of(
                    scenario(
                            "pager/one-to-many",
                            "8.2.1.1/0 8.2.1.1/8.A.ii",
                            "a MESSAGE for each recipient on the list, and 200 for the sender",
                            PagerChecks::oneToMany),
                    scenario(
                                    "pager/too-many",
                                    "8.2.1.1/8.A.ii.2 8.2.1.1/8.A.ii.2.486 8.2.1.1/8.A.ii.2.warn",
                                    "486 with warning 102, and nobody gets it",
                                    PagerChecks::tooMany)
                            .needs(Need.MAX_RECIPIENTS));

    private PagerChecks() {}

    private static void oneToMany(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var carol = stage.sip("carol");
        var dave = stage.tel();
        var message = stage.message(bob, carol, dave);

        stage.deliver(message);

        for (var uri : List.of(bob, carol, dave)) {
            Expect.that(
                    stage.copyFor(uri).requestUriText().equals(uri),
                    "Request-URI " + uri,
                    stage.copyFor(uri).requestUriText());
        }
        stage.onlyFor(message, bob, carol, dave);
    }

    private static void tooMany(Stage stage) throws Mismatch, InterruptedException {
        int most = stage.target().number(Stated.MAX_RECIPIENTS);
        var uris =
                java.util.stream.IntStream.rangeClosed(0, most)
                        .mapToObj(i -> stage.sip("r" + i))
                        .toArray(String[]::new);
        var message = stage.message(uris);

        Expect.refused(stage.send(message), 486, "102 Too many recipients");
        stage.nobodyGot(message);
    }
}
