package org.fanfare.pf.fanout;

import org.fanfare.msrp.MsrpEndpoint;
import org.fanfare.msrp.MsrpReceiver;
import org.fanfare.msrp.MsrpSession;
import org.fanfare.sdp.MessageMedia;
import org.fanfare.sip.SipParser;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.dialog.DialogLayer;
import org.fanfare.sip.transaction.Timers;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.spool.Spool;
import org.fanfare.wire.Limits;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// Large Message Mode: a leg is a session of its own, in which the content of a spool is sent
/// (8.2.1.2/7, 8.2.1.1/8.B.a). One for each message; each of its legs has a virtual thread.
public final class SessionCarrier implements Carrier {

    /// What the legs of all messages share.
    ///
    /// @param bindWithin how long a recipient that wants to connect may take
    /// @param slowest octets a recipient must take in [#watch] while there are any (P14)
    /// @param slowestSender octets a sender must give in [#watch] (P15)
    public record Sessions(
            DialogLayer dialogs,
            MsrpEndpoint media,
            Timers timers,
            Limits limits,
            Duration bindWithin,
            int slowest,
            int slowestSender,
            Duration watch) {

        /// How long a peer may stay below its least.
        public static final Duration WATCH = Duration.ofSeconds(30);

        boolean listensFor(TransportProtocol protocol) {
            return media.listening().stream().anyMatch(p -> p.protocol() == protocol);
        }
    }

    private final Sessions sessions;
    private final Spool spool;
    private final Consumer<SipResponse> onAnswered;
    private final Set<SessionLeg> open = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean taken = new AtomicBoolean();
    private volatile Runnable whenTaken = () -> {};
    private boolean marksAsSent;
    private volatile boolean givenUp;
    private volatile @Nullable Boolean protectedContent;

    /// @param onAnswered is told every 2xx to an INVITE; must not block
    public SessionCarrier(Sessions sessions, Spool spool, Consumer<SipResponse> onAnswered) {
        this.sessions = sessions;
        this.spool = spool;
        this.onAnswered = onAnswered;
    }

    /// Is told once, when a recipient has answered content with 200 (reading 4); must not block. To
    /// be set before the first leg.
    public SessionCarrier whenTaken(Runnable listener) {
        whenTaken = listener;
        return this;
    }

    /// The content is marked as one that its receiver has sent himself: for other devices of the
    /// sender (8.2.1.2/dd.E.c).
    public SessionCarrier marksAsSent() {
        marksAsSent = true;
        return this;
    }

    boolean isMarkedAsSent() {
        return marksAsSent;
    }

    void taken() {
        if (taken.compareAndSet(false, true)) {
            whenTaken.run();
        }
    }

    @Override
    public void carry(Leg leg, Hop hop, Way way) {
        var session = new SessionLeg(this, leg);
        open.add(session);
        Thread.ofVirtual().name("leg").start(() -> session.run(hop, way));
        if (givenUp) {
            session.giveUp();
        }
    }

    /// No recipient is to have it: pending INVITEs are cancelled, sessions end (8.2.1.2/cancel.2,
    /// reading 65).
    public void giveUp() {
        givenUp = true;
        open.forEach(SessionLeg::giveUp);
    }

    /// The media of a leg: over TLS where the sender's are, as far as the recipient can, and where
    /// we listen for nothing else.
    MsrpSession open(Leg leg, MsrpReceiver receiver) {
        boolean secure = sessions.listensFor(TransportProtocol.TLS);
        if (secure && sessions.listensFor(TransportProtocol.TCP)) {
            secure = isProtected(leg.message().template()) && !leg.isWithoutTls();
            if (secure) {
                leg.offersTls();
            }
        }
        return sessions.media().open(secure, receiver);
    }

    /// Whether it came over TLS: then the template offers it so.
    private boolean isProtected(LegTemplate template) {
        var known = protectedContent;
        if (known == null) {
            var copy = SipParser.parse(template.sample(), sessions.limits());
            var offered = Descriptions.of(copy, sessions.limits());
            known = MessageMedia.of(offered, sessions.limits()).secure();
            protectedContent = known;
        }
        return known;
    }

    Sessions sessions() {
        return sessions;
    }

    Spool spool() {
        return spool;
    }

    void answered(SipResponse response) {
        onAnswered.accept(response);
    }

    void ended(SessionLeg leg) {
        open.remove(leg);
    }
}
