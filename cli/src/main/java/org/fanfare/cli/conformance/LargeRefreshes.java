package org.fanfare.cli.conformance;

import static org.fanfare.cli.conformance.Scenario.scenario;

import org.fanfare.sip.Method;

import java.util.List;

/// The sender keeps his session alive (RFC 4028).
final class LargeRefreshes {

    private static final int INTERVAL = 600;

    private LargeRefreshes() {}

    static List<Scenario> scenarios() {
        return List.of(
                scenario(
                        "large/refreshed-by-update",
                        "8.2.1.2/5",
                        "2xx with Session-Expires to an UPDATE of the sender, and the message goes"
                                + " on (RFC 4028 9)",
                        stage -> refreshed(stage, Method.UPDATE)),
                scenario(
                        "large/refreshed-by-invite",
                        "8.2.1.2/5",
                        "2xx with Session-Expires to an INVITE in the session, and the message goes"
                                + " on (RFC 4028 9)",
                        stage -> refreshed(stage, Method.INVITE)));
    }

    private static void refreshed(Stage stage, Method method)
            throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var invite =
                Mode.LARGE.to(stage, bob).header("Session-Expires", INTERVAL + ";refresher=uac");
        var call = stage.call(invite);
        Expect.success(call.answer());

        var answer = call.refresh(method, INTERVAL);
        Expect.success(answer);
        Expect.headerFits(answer, "Session-Expires", "(?i)\\d+ *;(.*;)? *refresher=uac *(;.*)?");

        Expect.success(call.complete(invite.cpim()));
        Expect.same(stage.legTo(bob).whole(), invite.cpim());
        stage.note("Session-Expires " + answer.header("Session-Expires").orElse(""));
    }
}
