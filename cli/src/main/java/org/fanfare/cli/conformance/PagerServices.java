package org.fanfare.cli.conformance;

import static org.fanfare.cli.conformance.Scenario.scenario;

import java.util.ArrayList;
import java.util.List;

/// Step 7.i of Pager Mode: the service that is asserted.
final class PagerServices {

    private static final String ICSI = "urn:urn-7:3gpp-service.ims.icsi.oma.cpm.";
    private static final List<String> EIGHT =
            List.of(
                    "msg",
                    "msg.group",
                    "largemsg",
                    "largemsg.group",
                    "session",
                    "session.group",
                    "filetransfer",
                    "filetransfer.group");

    private PagerServices() {}

    static List<Scenario> scenarios() {
        var scenarios = new ArrayList<Scenario>();
        for (var service : EIGHT) {
            scenarios.add(
                    scenario(
                            "pager/preferred-service-" + service,
                            "8.2.1.1/7.i 8.2.1.1/7.i.1 8.2.1.1/7.i.1." + service,
                            "P-Preferred-Service goes, and P-Asserted-Service has its value",
                            stage -> preferred(stage, ICSI + service)));
        }
        scenarios.add(
                scenario(
                                "pager/asserted-service",
                                "8.2.1.1/7.i 8.2.1.1/7.i.2.else",
                                "P-Asserted-Service with one of the eight values is served",
                                PagerServices::asserted)
                        .needs(Need.TRUSTED));
        scenarios.add(
                scenario(
                                "pager/foreign-service",
                                "8.2.1.1/7.i.2",
                                "P-Asserted-Service with another value: 403 and nobody gets it, or"
                                        + " served",
                                PagerServices::foreign)
                        .needs(Need.TRUSTED));
        return scenarios;
    }

    private static void preferred(Stage stage, String service)
            throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        stage.deliver(stage.messageTo(bob).header("P-Preferred-Service", service));

        var copy = stage.copyFor(bob);
        Expect.no(copy, "P-Preferred-Service");
        Expect.header(copy, "P-Asserted-Service", service);
    }

    private static void asserted(Stage stage) throws Mismatch, InterruptedException {
        for (var service : EIGHT) {
            var bob = stage.sip("bob" + service.length());
            var message = stage.messageTo(bob).header("P-Asserted-Service", ICSI + service);

            Mode.PAGER.serve(stage, message, bob);
        }
    }

    private static void foreign(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var message =
                stage.messageTo(bob)
                        .header("P-Asserted-Service", "urn:urn-7:3gpp-service.ims.icsi.mmtel");

        var answer = stage.send(message);
        if (answer.status() == 403) {
            stage.nobodyGot(message);
        } else {
            Expect.success(answer);
            stage.copyFor(bob);
        }
    }
}
