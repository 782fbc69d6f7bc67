package org.fanfare.cli.conformance;

import static org.fanfare.cli.conformance.Scenario.scenario;

import org.fanfare.cpim.CpimHeader;
import org.fanfare.cpim.CpimMessage;
import org.fanfare.wire.Limits;

import java.util.List;

/// Step 5 of Pager Mode: what a message only names is fetched from the mailbox of its sender.
final class PagerExternalContent {

    private static final String PAGE = "Content-Type: text/html\r\n\r\n<b>Lunch</b> at noon\r\n";
    private static final String TABLE = "Content-Type: text/csv\r\n\r\nnoon,Lunch\r\n";

    private PagerExternalContent() {}

    static List<Scenario> scenarios() {
        return List.of(
                of(
                        "external-content",
                        "8.2.1.1/5 8.2.1.1/5.a 8.2.1.1/5.b 8.2.1.1/5.c",
                        "an object that the message names is in the copy, with its own type",
                        PagerExternalContent::one),
                of(
                        "external-contents",
                        "8.2.1.1/5.each 8.2.1.1/5.b.multipart",
                        "each of several is, and cpm.Payload-Type has their types in order",
                        PagerExternalContent::several),
                of(
                        "external-content-missing",
                        "8.2.1.1/5.a",
                        "what names an object that is not there is refused, and nobody gets it",
                        PagerExternalContent::missing));
    }

    private static Scenario of(String name, String ids, String expected, Scenario.Script script) {
        return scenario("pager/" + name, ids, expected, script).needs(Need.STORE);
    }

    private static String external(String url) {
        return "message/external-body;access-type=URL;URL=\"" + url + "\"";
    }

    private static void one(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        try (var mailbox = new Mailbox(stage.target())) {
            var named = external(mailbox.put(PAGE));
            stage.deliver(stage.message(bob).content(named, "Content-Type: text/html\r\n\r\n"));
        }

        var content = copy(stage, bob).content();
        var seen = content.contentType() + ", " + content.body().utf8().strip();
        Expect.that(
                seen.matches("(?is)text/html.*, <b>Lunch</b> at noon"),
                "text/html, <b>Lunch</b> at noon",
                seen);
        stage.note(seen);
    }

    private static void several(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        try (var mailbox = new Mailbox(stage.target())) {
            var body = new StringBuilder("--p\r\nContent-Type: text/plain\r\n\r\nLook\r\n");
            for (var object : List.of(PAGE, TABLE)) {
                body.append("--p\r\nContent-Type: ").append(external(mailbox.put(object)));
                body.append("\r\n\r\n\r\n");
            }
            stage.deliver(
                    stage.message(bob).content("multipart/mixed;boundary=p", body + "--p--\r\n"));
        }

        var copy = copy(stage, bob);
        var types = List.of("text/plain", "text/html", "text/csv");
        var parts =
                copy.content().leaves(Limits.DEFAULT).stream()
                        .map(part -> part.contentType().essence())
                        .toList();
        Expect.that(parts.equals(types), types.toString(), parts.toString());
        var payload = copy.header(CpimHeader.CPM_NAMESPACE, "Payload-Type").orElse("none");
        Expect.that(
                List.of(payload.split(" *, *", -1)).equals(types),
                "cpm.Payload-Type: " + String.join(", ", types),
                payload);
        stage.note("cpm.Payload-Type: " + payload);
    }

    private static void missing(Stage stage) throws Mismatch, InterruptedException {
        try (var mailbox = new Mailbox(stage.target())) {
            var url = mailbox.put(PAGE).replaceFirst("UID=\\d+", "UID=4294967290");
            var message = stage.message(stage.sip("bob")).content(external(url), "\r\n");

            var answer = stage.send(message);
            Expect.that(answer.status() >= 400, "an error", Expect.describe(answer));
            stage.nobodyGot(message);
        }
    }

    private static CpimMessage copy(Stage stage, String uri) throws Mismatch, InterruptedException {
        return CpimMessage.parse(stage.copyFor(uri).body(), Limits.DEFAULT);
    }
}
