package org.fanfare.cli.conformance;

import static org.fanfare.cli.conformance.Scenario.scenario;

import org.fanfare.wire.Octets;

import java.util.List;

/// What the sender's other devices get of a MESSAGE, where it goes to his own address at the core.
final class PagerDirectDelivery {

    private static final String DIRECTION = "(?im)^([\\w-]+\\.)?Message-Direction: *sent\r\n";
    private static final String CPM_NAMESPACE =
            "(?m)^NS: *[^\\r\\n]*openmobilealliance[^\\r\\n]*\\r\\n";

    private PagerDirectDelivery() {}

    static List<Scenario> scenarios() {
        return List.of(
                scenario(
                                "pager/no-direct-delivery",
                                "8.2.1.1/dd.check 8.2.1.1/dd.check.off",
                                "nothing goes to the sender's own address",
                                PagerDirectDelivery::none)
                        .needs(Need.NO_DIRECT_DELIVERY),
                scenario(
                                "pager/direct-delivery-by-the-core",
                                "8.2.1.1/dd.check 8.2.1.1/dd.send 8.2.1.1/dd.3 8.2.1.1/dd.3.i"
                                        + " 8.2.1.1/dd.3.ii 8.2.1.1/dd.3.iii 8.2.1.1/dd.3.iv"
                                        + " 8.2.1.1/dd.3.iv.a 8.2.1.1/dd.core",
                                "MESSAGE to the sender's own address, as it was, with"
                                        + " Message-Direction: sent",
                                PagerDirectDelivery::byTheCore)
                        .needs(Need.DIRECT_DELIVERY_BY_CORE, Need.ANY_RELEASE),
                scenario(
                                "pager/direct-delivery-after-success",
                                "8.2.1.1/dd.check",
                                "nothing goes there when nobody has got it",
                                PagerDirectDelivery::notAfterFailure)
                        .needs(Need.DIRECT_DELIVERY_BY_CORE));
    }

    private static void none(Stage stage) throws Mismatch, InterruptedException {
        stage.at(stage.target().sender());
        var bob = stage.sip("bob");

        Mode.PAGER.serve(stage, stage.message(bob), bob);
    }

    /// A message of a device that names itself, so that the copy need not go back to it.
    private static Outgoing fromDevice(Stage stage, String recipient) {
        return stage.message(recipient)
                .header(
                        "Contact",
                        "<sip:device@conformance.invalid>;"
                            + "+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-000000000000>\"");
    }

    private static void byTheCore(Stage stage) throws Mismatch, InterruptedException {
        var sender = stage.at(stage.target().sender());
        var bob = stage.sip("bob");
        var message =
                fromDevice(stage, bob)
                        .header("Subject", "Lunch")
                        .header("Reply-To", "<sip:office@home.example>");
        stage.deliver(message);

        var copy = stage.arrivalOf(message, sender).request();
        for (var name : List.of("Subject", "Reply-To", "Conversation-ID", "Contribution-ID")) {
            Expect.header(copy, name, message.build("sip:x@invalid", "").header(name).orElse(""));
        }
        Expect.nowhere(copy, "resource-lists", bob);
        checkMarked(copy.body(), message.cpim());
    }

    /// A message as it was, but for `Message-Direction: sent`.
    static void checkMarked(Octets content, Octets original) throws Mismatch {
        var body = content.utf8();
        Expect.that(
                java.util.regex.Pattern.compile(DIRECTION).matcher(body).find(),
                "Message-Direction: sent in the CPIM headers",
                body.lines().limit(8).toList().toString());
        Expect.same(
                withoutNamespace(body.replaceFirst(DIRECTION, "")),
                withoutNamespace(original.utf8()));
    }

    /// It may have been declared already.
    private static Octets withoutNamespace(String cpim) {
        return Octets.utf8(cpim.replaceAll(CPM_NAMESPACE, ""));
    }

    private static void notAfterFailure(Stage stage) throws Mismatch, InterruptedException {
        stage.at(stage.target().sender());
        var bob = stage.sip("bob");
        stage.answers(bob, 486);
        var message = fromDevice(stage, bob);

        Expect.status(stage.send(message), 486);
        stage.settle();
        stage.onlyFor(message, bob);
    }
}
