package org.fanfare.cli.conformance;

import org.fanfare.sip.SipRequest;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/// What the sessions with recipients have in common, whether the message came by MESSAGE
/// (8.2.1.1/8.B) or by INVITE (8.2.1.2).
record LegRules(Mode mode) {

    private static final String PERCENT_ENCODED =
            "urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.largemsg\"";
    private static final int LONGEST_INTERVAL = 1799;

    // ---- whom

    void sessionForEach(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var carol = stage.sip("carol");
        var dave = stage.tel();
        mode.serve(stage, mode.toMany(stage, bob, carol, dave), bob, carol, dave);

        for (var uri : List.of(bob, carol, dave)) {
            var leg = stage.legTo(uri);
            addressedTo(leg.invite(), uri);
            leg.ack();
            leg.bye();
        }
    }

    void single(Stage stage) throws Mismatch, InterruptedException {
        for (var uri : List.of(stage.sip("bob"), stage.tel())) {
            mode.serve(stage, mode.to(stage, uri), uri);
            addressedTo(stage.legTo(uri).invite(), uri);
        }
    }

    void nonCpm(Stage stage) throws Mismatch, InterruptedException {
        var tel = stage.tel();
        mode.serve(stage, mode.toMany(stage, tel), tel);

        addressedTo(stage.legTo(tel).invite(), tel);
    }

    private static void addressedTo(SipRequest invite, String uri) throws Mismatch {
        Expect.that(
                invite.requestUriText().equals(uri), "Request-URI " + uri, invite.requestUriText());
    }

    void neitherSipNorTel(Stage stage) throws Mismatch, InterruptedException {
        var mail = stage.other("carol");
        mode.serve(stage, mode.to(stage, mail), mail);

        Expect.that(stage.arrival(mail, 1).viaIsf(), "an INVITE to the ISF", "to the core");
    }

    void noList(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var carol = stage.sip("carol");
        mode.serve(stage, mode.toMany(stage, bob, carol), bob, carol);

        Expect.nowhere(stage.legTo(bob).invite(), "resource-lists", "recipient-list", carol);
        Expect.nowhere(stage.legTo(carol).invite(), "resource-lists", "recipient-list", bob);
    }

    // ---- the INVITE

    /// The INVITE of one of two recipients.
    SipRequest invite(Stage stage, Outgoing outgoing, String uri)
            throws Mismatch, InterruptedException {
        mode.serve(stage, outgoing, uri);
        return stage.legTo(uri).invite();
    }

    SipRequest invite(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        return invite(stage, mode.toMany(stage, bob), bob);
    }

    void acceptContact(Stage stage) throws Mismatch, InterruptedException {
        var values = invite(stage).headers().values("Accept-Contact");
        Expect.that(
                values.stream().filter(v -> v.contains("3gpp.icsi-ref")).toList().size() == 1
                        && values.stream()
                                .anyMatch(v -> v.replace("%3a", "%3A").contains(PERCENT_ENCODED)),
                "Accept-Contact with " + PERCENT_ENCODED + ", percent encoded",
                values.toString());
    }

    void noInstance(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var outgoing =
                mode.toMany(stage, bob)
                        .header("Accept-Contact", "*;+sip.instance=\"<urn:uuid:0>\";explicit");
        var values = invite(stage, outgoing, bob).headers().values("Accept-Contact");

        Expect.that(
                values.stream().noneMatch(v -> v.contains("sip.instance")),
                "no Accept-Contact with +sip.instance",
                values.toString());
    }

    /// @param header in which the service comes
    void service(Stage stage, String header, String received, String asserted)
            throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var invite = invite(stage, mode.to(stage, bob).header(header, received), bob);

        Expect.header(invite, "P-Asserted-Service", asserted);
        Expect.no(invite, "P-Preferred-Service");
    }

    /// What came is copied, and what did not come is not invented.
    void copied(Stage stage, String name, String value) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        Expect.header(invite(stage, mode.toMany(stage, bob).set(name, value), bob), name, value);
        if (!name.startsWith("Con")) {
            var carol = stage.sip("carol");
            Expect.no(invite(stage, mode.toMany(stage, carol), carol), name);
        }
    }

    void sessionTimer(Stage stage) throws Mismatch, InterruptedException {
        var invite = invite(stage);
        var value = invite.header("Session-Expires").orElse("none");
        var words = value.toLowerCase(Locale.ROOT).replace(" ", "").split(";", -1);
        Expect.that(
                words[0].matches("\\d{1,4}")
                        && Integer.parseInt(words[0]) <= LONGEST_INTERVAL
                        && List.of(words).contains("refresher=uac"),
                "Session-Expires below 1800 with refresher=uac",
                "Session-Expires " + value);
    }

    void interval(Stage stage) throws Mismatch, InterruptedException {
        var expected = stage.target().stated(Stated.SESSION_INTERVAL);
        Expect.headerFits(invite(stage), "Session-Expires", expected + " *;.*");
    }

    void noMinSe(Stage stage) throws Mismatch, InterruptedException {
        Expect.no(invite(stage), "Min-SE");
    }

    void supportsTimer(Stage stage) throws Mismatch, InterruptedException {
        var values = invite(stage).headers().values("Supported");
        Expect.that(values.contains("timer"), "Supported: timer", "Supported " + values);
    }

    // ---- the offer

    private Sdp offer(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        mode.serve(stage, mode.toMany(stage, bob), bob);
        return stage.legTo(bob).offer();
    }

    void mediaLine(Stage stage) throws Mismatch, InterruptedException {
        var media = offer(stage).media();
        Expect.that(
                media.matches("m=message \\d+ TCP/(TLS/)?MSRP \\*"),
                "m=message with TCP/MSRP",
                media);
    }

    void has(Stage stage, String attribute) throws Mismatch, InterruptedException {
        Expect.attribute(offer(stage), attribute);
    }

    void ownPath(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var carol = stage.sip("carol");
        mode.serve(stage, mode.toMany(stage, bob, carol), bob, carol);

        var one = stage.legTo(bob).offer().path();
        var other = stage.legTo(carol).offer().path();
        Expect.that(
                one.matches("msrps?://.*;tcp") && !stage.isOurs(one) && !one.equals(other),
                "a=path with an MSRP URI of the Participating Function, another for each session",
                one + " and " + other);
    }

    void fileSelector(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var outgoing = mode.toMany(stage, bob);
        mode.serve(stage, outgoing, bob);

        var value = stage.legTo(bob).offer().value(Sdp.FILE_SELECTOR).orElse("");
        var size = "size:" + outgoing.cpim().length();
        Expect.that(List.of(value.split(" ", -1)).contains(size), "a=file-selector:" + size, value);
    }

    // ---- the media

    void recipientConnects(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        stage.when(bob, leg -> leg.active().accept());

        mode.serve(stage, mode.toMany(stage, bob), bob);
    }

    void sends(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        mode.serve(stage, mode.toMany(stage, bob), bob);

        var leg = stage.legTo(bob);
        for (var frame : leg.sends()) {
            var to = frame.field("To-Path").orElse("");
            Expect.that(to.equals(leg.path()), "To-Path " + leg.path(), to);
            var type = frame.field("Content-Type").orElse("none");
            Expect.that(type.equals("message/cpim"), "Content-Type: message/cpim", type);
        }
    }

    void chunks(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        mode.serve(stage, mode.toMany(stage, bob), bob);

        int most = stage.target().number(Stated.MSRP_CHUNK);
        int longest =
                stage.legTo(bob).sends().stream()
                        .mapToInt(frame -> frame.content().length())
                        .max()
                        .orElse(0);
        Expect.that(longest <= most, "chunks of at most " + most + " octets", longest + " octets");
    }

    /// The one who gets it last keeps his BYE waiting.
    void byeAfterTheLastResponse(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var carol = stage.sip("carol");
        var last = new CompletableFuture<Integer>();
        stage.when(bob, leg -> leg.holdingLast(last).accept());
        try {
            mode.serveAllBut(stage, mode.toMany(stage, bob, carol), carol);
            stage.legTo(bob).awaitLast();
            stage.settle();
            Expect.that(
                    !stage.legTo(bob).hasBye(),
                    "no BYE before the last chunk has its response",
                    "BYE");
        } finally {
            last.complete(200);
        }
        stage.legTo(bob).bye();
        stage.note("BYE after the last MSRP 200");
    }

    /// Who refuses does not disturb the others.
    void oneRefuses(Stage stage) throws Mismatch, InterruptedException {
        var bob = stage.sip("bob");
        var carol = stage.sip("carol");
        var dave = stage.sip("dave");
        stage.answers(bob, 486);
        stage.when(carol, leg -> leg.refusingChunks(413).accept());

        mode.serveAllBut(stage, mode.toMany(stage, bob, carol, dave), dave);
    }
}
