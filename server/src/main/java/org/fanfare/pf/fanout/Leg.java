package org.fanfare.pf.fanout;

import org.fanfare.interworking.InterworkingSelection;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.transaction.NotSent;
import org.fanfare.sip.transaction.ResponseListener;
import org.fanfare.uri.Uri;
import org.fanfare.wire.MalformedMessage;
import org.jspecify.annotations.Nullable;

import java.io.IOException;

/// One outgoing request of a fan-out: one attempt at one recipient. A retry is a new leg.
final class Leg implements ResponseListener {

    private final FanOut fanOut;
    private final Distribution message;
    private final int recipient;
    private final String uri;
    private final String recipientKey;
    private final int attempt;
    private final int retries;
    private final boolean interworking;
    private final boolean withoutTls;

    // Guarded by the fan-out.
    private long sentAt;
    private boolean inWindow;
    private boolean admitted;
    private boolean closed;
    private boolean done;
    private String givenUpAs = "";
    private @Nullable Leg before;
    private @Nullable Leg next;
    private @Nullable Delivery foregone;

    private volatile boolean overTls;

    /// The first attempt at a recipient.
    Leg(FanOut fanOut, Distribution message, int recipient, String uri) {
        var parsed = parse(uri);
        this.fanOut = fanOut;
        this.message = message;
        this.recipient = recipient;
        this.uri = uri;
        this.recipientKey = parsed == null ? uri : parsed.canonical();
        boolean reachableBySip = parsed != null && InterworkingSelection.isReachableBySip(parsed);
        this.attempt = 1;
        this.retries = 0;
        this.withoutTls = false;
        this.interworking = !reachableBySip && !message.isByTheCoreAlone(); // reading 44
    }

    private Leg(Leg before, int retries, boolean interworking, boolean withoutTls) {
        this.fanOut = before.fanOut;
        this.message = before.message;
        this.recipient = before.recipient;
        this.uri = before.uri;
        this.recipientKey = before.recipientKey;
        this.attempt = before.attempt + 1;
        this.retries = retries;
        this.interworking = interworking;
        this.withoutTls = withoutTls;
    }

    private static @Nullable Uri parse(String uri) {
        try {
            return Uri.parse(uri);
        } catch (MalformedMessage _) {
            return null; // checked when the list was read; a ledger of another version may know
            // better
        }
    }

    /// The same to the same, once more.
    Leg again() {
        return new Leg(this, retries + 1, interworking, withoutTls);
    }

    /// The same to the interworking function.
    Leg interworked() {
        return new Leg(this, 0, true, false);
    }

    /// The same to one who knows no MSRP over TLS.
    Leg withoutTls() {
        return new Leg(this, retries, interworking, true);
    }

    /// Whether MSRP over TLS was refused before.
    boolean isWithoutTls() {
        return withoutTls;
    }

    /// MSRP over TLS is offered, and could be over TCP.
    void offersTls() {
        overTls = true;
    }

    boolean hasOfferedTls() {
        return overTls;
    }

    /// The attempt before this one.
    @Nullable Leg before() {
        return before;
    }

    /// This one has come to nothing; the next one stands for the recipient from now on.
    void follow(Leg successor) {
        next = successor;
        successor.before = this;
    }

    /// The attempt that stands for the recipient now.
    Leg last() {
        var leg = this;
        while (leg.next != null) {
            leg = leg.next;
        }
        return leg;
    }

    /// The branch by which a late answer to it is known; empty where none is waited for.
    String givenUpAs() {
        return givenUpAs;
    }

    void givenUpAs(String branch) {
        givenUpAs = branch;
    }

    /// Whether it has ended with the recipient.
    boolean done() {
        return done;
    }

    /// True the first time.
    boolean doneOnce() {
        boolean first = !done;
        done = true;
        return first;
    }

    @Override
    public void onProvisional(SipResponse response) {
        // 100 Trying: somebody works on it.
    }

    @Override
    public void onFinal(SipResponse response) {
        fanOut.answered(this, response);
    }

    @Override
    public void onTimeout() {
        fanOut.unanswered(this, "no answer", true);
    }

    @Override
    public void onTransportFailure(IOException cause) {
        fanOut.unanswered(this, "next hop not reached", !(cause instanceof NotSent));
    }

    /// After it was answered: the far side does not want the content.
    void onRefused(int status, String reason) {
        fanOut.refused(this, status, reason);
    }

    /// The recipient has ended the session: that is no error response, and nobody else is asked
    /// (8.2.1.2/bye.forward.term, reading 67).
    void onHungUp(String reason) {
        fanOut.hungUp(this, reason);
    }

    /// A session begins.
    void onSession() {
        fanOut.inSession(this);
    }

    /// Nobody wants it any more.
    void onExpired() {
        fanOut.expired(this);
    }

    /// The session has not come about, whether or not its INVITE has arrived: the far side has
    /// nothing of the content.
    void onNotTaken(String reason) {
        fanOut.unanswered(this, reason, false);
    }

    /// After it was answered: it is not known whether the far side has the content.
    void onCut(String reason) {
        fanOut.unanswered(this, reason, true);
    }

    Distribution message() {
        return message;
    }

    int recipient() {
        return recipient;
    }

    String uri() {
        return uri;
    }

    String recipientKey() {
        return recipientKey;
    }

    int attempt() {
        return attempt;
    }

    int retries() {
        return retries;
    }

    boolean interworking() {
        return interworking;
    }

    LegIdentity identity() {
        return message.template().identity(recipient, attempt);
    }

    long sentAt() {
        return sentAt;
    }

    void sentAt(long now) {
        sentAt = now;
    }

    boolean inWindow() {
        return inWindow;
    }

    void inWindow(boolean is) {
        inWindow = is;
    }

    /// Whether the one pending MESSAGE at the recipient is this one.
    boolean admitted() {
        return admitted;
    }

    void admitted(boolean is) {
        admitted = is;
    }

    /// How it ended before it began; nothing for a leg that goes out.
    @Nullable Delivery foregone() {
        return foregone;
    }

    void foregone(Delivery delivery) {
        foregone = delivery;
    }

    /// True the first time.
    boolean closeOnce() {
        boolean first = !closed;
        closed = true;
        return first;
    }
}
