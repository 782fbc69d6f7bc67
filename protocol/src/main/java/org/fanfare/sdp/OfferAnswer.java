package org.fanfare.sdp;

import org.fanfare.uri.HostPort;
import org.fanfare.wire.MalformedMessage;

/// What comes of an offer and its answer for a message session (RFC 3264, RFC 4975 8, RFC 6135, RFC
/// 6714): functions of both.
public final class OfferAnswer {

    private static final int NOT_ACCEPTABLE_HERE = 488;

    private OfferAnswer() {}

    /// Our answer.
    ///
    /// @param ours what we can do: address, path, types, size; its setup is what we prefer, its
    ///   direction and cema do not count
    /// @throws MalformedMessage with 488 when nothing can come of it: TLS on one side only, or an
    ///   address that somebody has changed who does not know MSRP (RFC 6714 4.3)
    public static MessageMedia answer(MessageMedia offer, MessageMedia ours) {
        if (offer.secure() != ours.secure()) {
            throw unacceptable(
                    "expected a message session " + (ours.secure() ? "over TLS" : "over TCP"),
                    "RFC 4975 14");
        }
        if (!offer.cema() && !offer.addressMatchesPath()) {
            throw unacceptable("c= and m= are not the address of a=path", "RFC 6714 4.3");
        }
        var preferred = ours.setup() == Setup.ACTIVE ? Setup.ACTIVE : Setup.PASSIVE;
        return ours.withSetup(setupOf(offer).answer(preferred))
                .withDirection(offer.direction().answer())
                .withCema(offer.cema() && !(offer.path().size() > 1 && ours.path().size() > 1));
    }

    /// Who says nothing in his offer connects (RFC 4975 5.4).
    private static Setup setupOf(MessageMedia offer) {
        var setup = offer.setup();
        return setup == null ? Setup.ACTIVE : setup;
    }

    /// Whether a session can come of our offer and their answer.
    ///
    /// @throws MalformedMessage when it cannot: another protocol, a setup or direction that is no
    ///   answer to ours, or an address that somebody has changed who does not know MSRP
    public static void checkAnswer(MessageMedia offer, MessageMedia answer) {
        if (offer.secure() != answer.secure()) {
            throw unacceptable("expected the protocol of the offer", "RFC 3264 6");
        }
        var setup = answer.setup();
        if (setup == Setup.ACTPASS || (setup != null && setup == setupOf(offer))) {
            throw unacceptable("a=setup: expected the other role", "RFC 4145 4.1");
        }
        boolean sendsUnasked = sends(answer.direction()) && !receives(offer.direction());
        boolean asksToSend = receives(answer.direction()) && !sends(offer.direction());
        if (sendsUnasked || asksToSend) {
            throw unacceptable("expected a direction that the offer allows", "RFC 3264 6.1");
        }
        if (offer.cema()
                && !answer.cema()
                && !answer.addressMatchesPath()
                && !weConnect(offer, answer)) {
            throw unacceptable("c= and m= are not the address of a=path", "RFC 6714 4.2");
        }
    }

    private static boolean sends(Direction direction) {
        return direction == Direction.SENDRECV || direction == Direction.SENDONLY;
    }

    private static boolean receives(Direction direction) {
        return direction == Direction.SENDRECV || direction == Direction.RECVONLY;
    }

    /// Whether the one who offered makes the connection.
    public static boolean weConnect(MessageMedia offer, MessageMedia answer) {
        var setup = answer.setup();
        return setup == null ? setupOf(offer) != Setup.PASSIVE : setup == Setup.PASSIVE;
    }

    /// Where the active side connects: to c= and m= of the other side where both know RFC 6714, or
    /// to its nearest MSRP URI.
    ///
    /// @param ours to know whether we have said that we can
    public static HostPort connectTo(MessageMedia ours, MessageMedia theirs) {
        boolean relayed = ours.path().size() > 1 || theirs.path().size() > 1;
        return ours.cema() && (theirs.cema() || !relayed)
                ? theirs.address()
                : PathUri.read(theirs.path().getFirst()).at();
    }

    private static MalformedMessage unacceptable(String what, String section) {
        return new MalformedMessage("SDP: " + what, 0, section, NOT_ACCEPTABLE_HERE);
    }
}
