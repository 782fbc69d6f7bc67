package org.fanfare.cli.conformance;

import static org.fanfare.cli.conformance.Scenario.scenario;

import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;

/// Steps 1 to 4, which both modes have: who sends, with what, whether by name, and whether it is
/// not too late.
///
/// @param section of the mode
record RequestChecks(Mode mode, String section) {

    private static final String OLD_CLIENT = "CPM-client/OMA1.0";

    static List<Scenario> of(Mode mode, String section) {
        return new RequestChecks(mode, section).scenarios();
    }

    private List<Scenario> scenarios() {
        return List.of(
                of(
                                "originator-denied",
                                "1 1.403 1.warn",
                                "403 with 127 for who may not send",
                                this::originatorDenied)
                        .needs(Need.DENIED, Need.TRUSTED),
                of(
                                "old-release",
                                "2 2.403 2.warn",
                                "403 with 132 for a User-Agent that is too old, or names no"
                                        + " release",
                                this::oldRelease)
                        .needs(Need.MINIMUM_RELEASE),
                of(
                                "release-supported",
                                "2.else",
                                "the oldest release that is supported is served",
                                this::releaseSupported)
                        .needs(Need.MINIMUM_RELEASE),
                of(
                                "release-not-checked",
                                "2.off",
                                "any User-Agent, or none, is served where no release is required",
                                this::releaseNotChecked)
                        .needs(Need.ANY_RELEASE),
                of(
                                "anonymity-refused",
                                "3 3.warn",
                                "403 with 119 for anonymity that is not allowed",
                                this::anonymityRefused)
                        .needs(Need.NO_ANONYMITY),
                of(
                                "anonymity-allowed",
                                "3.else",
                                "anonymity that is allowed is served",
                                this::anonymityAllowed)
                        .needs(Need.ANONYMITY),
                of(
                                "anonymity-not-requested",
                                "3.off",
                                "who asks for no anonymity is served whatever the policy",
                                this::plain)
                        .needs(Need.NO_ANONYMITY),
                of(
                        "expired",
                        "4 4.expired",
                        "what has expired is delivered to nobody (RFC 3428 8)",
                        this::expired),
                of("still-valid", "4.else", "what has not expired is delivered", this::stillValid),
                of(
                        "without-expiry",
                        "1.else 4.off",
                        "what does not expire is delivered",
                        this::plain));
    }

    private Scenario of(String name, String steps, String expected, Scenario.Script script) {
        return scenario(
                mode + "/" + name,
                section + "/" + steps.replace(" ", " " + section + "/"),
                expected,
                script);
    }

    private void originatorDenied(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var message = mode.to(stage, bob);
        var denied = message.from(stage.target().stated(Stated.DENIED));

        Expect.refused(stage.send(denied), 403, "127 Service not authorised");
        stage.nobodyGot(denied);
    }

    private void oldRelease(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        for (var message :
                List.of(
                        mode.to(stage, bob).set("User-Agent", OLD_CLIENT),
                        mode.to(stage, bob).set("User-Agent", "Phone/7"),
                        mode.to(stage, bob).without("User-Agent"))) {
            Expect.refused(
                    stage.send(message),
                    403,
                    "132 Version not supported",
                    "132 Version no supported");
            stage.nobodyGot(message);
        }
    }

    private void releaseSupported(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var oldest = "CPM-client/" + stage.target().stated(Stated.MINIMUM_RELEASE);

        mode.serve(stage, mode.to(stage, bob).set("User-Agent", oldest), bob);
    }

    private void releaseNotChecked(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var carol = stage.sip("carol");

        mode.serve(stage, mode.to(stage, bob).set("User-Agent", OLD_CLIENT), bob);
        mode.serve(stage, mode.to(stage, carol).without("User-Agent"), carol);
    }

    private void anonymityRefused(Stage stage) throws Mismatch, InterruptedException {
        var message = mode.to(stage, stage.sip("bob")).anonymous();

        Expect.refused(stage.send(message), 403, "119 Anonymity not allowed");
        stage.nobodyGot(message);
    }

    private void anonymityAllowed(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");

        mode.serve(stage, mode.to(stage, bob).anonymous(), bob);
    }

    private void plain(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");

        mode.serve(stage, mode.to(stage, bob), bob);
    }

    private void expired(Stage stage) throws Mismatch, InterruptedException {
        var message =
                expiring(
                        mode.to(stage, stage.sip("bob")),
                        60,
                        ZonedDateTime.now(ZoneOffset.UTC).minusHours(2));

        stage.send(message);
        stage.nobodyGot(message);
    }

    private void stillValid(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var message = expiring(mode.to(stage, bob), 3600, ZonedDateTime.now(ZoneOffset.UTC));

        mode.serve(stage, message, bob);
    }

    private static Outgoing expiring(Outgoing message, int seconds, ZonedDateTime date) {
        return message.set(
                        message.isInvite() ? "Message-Expires" : "Expires",
                        Integer.toString(seconds))
                .set("Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(date));
    }
}
