package org.fanfare.cli.conformance;

import org.fanfare.sip.Method;
import org.fanfare.sip.SipResponse;

/// How a message comes in and goes out.
enum Mode {
    /// MESSAGE in, MESSAGE out (8.2.1.1, branch A).
    PAGER("pager"),
    /// MESSAGE of more than 1300 octets in, INVITE and MSRP out (8.2.1.1, branch B).
    TO_LARGE("pager-to-large"),
    /// INVITE and MSRP in and out (8.2.1.2).
    LARGE("large");

    /// Octets of content that goes over MSRP: several chunks.
    private static final int LARGE_OCTETS = 5_000;

    private final String word;

    Mode(String word) {
        this.word = word;
    }

    /// To one address.
    Outgoing to(Stage stage, String uri) {
        return switch (this) {
            case PAGER -> stage.messageTo(uri);
            case TO_LARGE -> stage.messageTo(uri).octets(LARGE_OCTETS);
            case LARGE -> stage.inviteTo(uri).octets(LARGE_OCTETS);
        };
    }

    /// To many by way of the EXPLODER-URI.
    Outgoing toMany(Stage stage, String... uris) {
        return to(stage, stage.target().exploder()).recipients(uris);
    }

    /// What recipients are sent.
    Method out() {
        return this == PAGER ? Method.MESSAGE : Method.INVITE;
    }

    /// Sends all of it. Gives the success with which that ends: to the MESSAGE, or to the BYE.
    SipResponse send(Stage stage, Outgoing outgoing) throws Mismatch, InterruptedException {
        return this == LARGE ? stage.completed(outgoing).parting() : stage.deliver(outgoing);
    }

    /// Sends it. Each of these gets it once, octet for octet, and nobody else does.
    void serve(Stage stage, Outgoing outgoing, String... uris)
            throws Mismatch, InterruptedException {
        serveAllBut(stage, outgoing, uris);
        stage.settle();
        stage.onlyFor(outgoing, uris);
    }

    /// The same where others do not get it, or not at once.
    void serveAllBut(Stage stage, Outgoing outgoing, String... uris)
            throws Mismatch, InterruptedException {
        send(stage, outgoing);
        for (var uri : uris) {
            var content = this == PAGER ? stage.copyFor(uri).body() : stage.legTo(uri).whole();
            Expect.same(content, outgoing.cpim());
        }
        stage.note(Bodies.describe(outgoing.cpim()));
    }

    /// As the name of a scenario begins.
    @Override
    public String toString() {
        return word;
    }
}
