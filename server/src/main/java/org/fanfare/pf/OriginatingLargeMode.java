package org.fanfare.pf;

import org.fanfare.cpm.CpmWarning;
import org.fanfare.cpm.ServiceId;
import org.fanfare.interworking.InterworkingSelection;
import org.fanfare.msrp.MsrpUri;
import org.fanfare.pf.fanout.Descriptions;
import org.fanfare.sdp.Direction;
import org.fanfare.sdp.MessageMedia;
import org.fanfare.sdp.OfferAnswer;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.transaction.ServerTransaction;
import org.fanfare.wire.Limits;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Large Message Mode in the originating network (section 8.2.1.2).
final class OriginatingLargeMode {

    private static final String REFRESHER = "refresher";

    private final Self self;
    private final Policy policy;
    private final Limits limits;
    private final InterworkingSelection interworking;
    private final InstantSource clock;
    private final Checks checks;
    private final Dispatch dispatch;
    private final LargeMode large;
    private final Invites invites;
    private final LargeSession.Surroundings surroundings;
    private final Recorder recorder;

    OriginatingLargeMode(
            Self self,
            Policy policy,
            Limits limits,
            InterworkingSelection interworking,
            InstantSource clock,
            Dispatch dispatch,
            LargeMode large,
            Copies copies,
            Refusals refusals,
            Recorder recorder) {
        this.self = self;
        this.policy = policy;
        this.limits = limits;
        this.interworking = interworking;
        this.clock = clock;
        this.checks = new Checks(self, policy, limits);
        this.dispatch = dispatch;
        this.large = large;
        this.recorder = recorder;
        this.invites = new Invites(copies, large.contact(), large.interval());
        this.surroundings =
                new LargeSession.Surroundings(large, dispatch, checks, new Attempts(), refusals);
    }

    /// Refuses, or begins a session, which answers when it can.
    ///
    /// @param fromTrusted whether it came from within the trust domain
    void handle(ServerTransaction invite, Originator originator, boolean fromTrusted)
            throws Refusal {
        var request = invite.request();
        checks.originatorAllowed(originator); // 8.2.1.2/1
        checks.userAgentVersion(request); // 8.2.1.2/2
        checks.anonymity(request); // 8.2.1.2/3
        var lifetime = // 8.2.1.2/4
                checks.stillValid(request, Lifetime.of(request, clock.instant()));
        checkRefresher(request); // 8.2.1.2/5
        var content = MessageContent.of(request, limits);
        // 8.2.1.2/200.7, decided before it is sent as in Pager Mode (reading 38)
        var recorded = recorder.isToBeRecorded(originator);
        var received =
                new StandaloneMessage(
                        request, originator, fromTrusted, lifetime, content, recorded, "");
        var message =
                received.withAssertedService( // 8.2.1.2/7.e
                        checks.assertedService(received, ServiceId.LARGEMSG));
        var offer = offer(request);
        var outgoing =
                self.isExploderUri(request.requestUri()) // 8.2.1.2/7.a
                        ? exploded(message, offer)
                        : forwarded(message, offer); // 8.2.1.2/7.c
        dispatch.enter(outgoing);
        new LargeSession(surroundings, outgoing, offer).begin(invite); // 8.2.1.2/6 8.2.1.2/7
    }

    /// Who sends may leave it to us, or do it himself (reading 12).
    private static void checkRefresher(SipRequest request) throws Refusal {
        var refresher =
                request.sessionExpires()
                        .flatMap(interval -> interval.parameters().value(REFRESHER));
        if (refresher.filter("uas"::equalsIgnoreCase).isPresent()) {
            // 8.2.1.2/5.403 8.2.1.2/5.warn
            throw new Refusal(403, CpmWarning.FUNCTION_NOT_ALLOWED);
        }
    }

    /// What is announced as too large is refused before it is sent (reading 3).
    private MessageMedia offer(SipRequest request) throws Refusal {
        var offer = MessageMedia.of(Descriptions.of(request, limits), limits); // P12, B14, B15
        if (offer.announcedSize() > large.largest()) {
            throw new Refusal(403, CpmWarning.SIZE_EXCEEDED);
        }
        if (!offer.accepts("message/cpim")) {
            throw new Refusal(488, "No message/cpim offered");
        }
        checkAnswerable(offer);
        return offer;
    }

    /// Our answer says `recvonly`, whatever is offered (8.2.1.2/200.5.c).
    private void checkAnswerable(MessageMedia offer) throws Refusal {
        if (offer.direction() == Direction.RECVONLY || offer.direction() == Direction.INACTIVE) {
            throw new Refusal(488, "Nothing to send is offered");
        }
        if (offer.secure() && !large.sessions().media().listensForTls()) {
            throw new Refusal(488, "No MSRP over TLS here");
        }
        // What else is wrong with address or path is found here and not when somebody has answered.
        OfferAnswer.answer(offer, MessageMedia.at(offer.secure(), offer.address(), offer.path()));
        offer.path().forEach(MsrpUri::parse);
    }

    /// 1-to-Many: an INVITE for every recipient on the list (8.2.1.2/7.b.each).
    private Outgoing exploded(StandaloneMessage message, MessageMedia offer) throws Refusal {
        var lists = message.content().lists();
        var members = checks.memberList(lists); // 8.2.1.2/7.a.iv; read first (reading 14)
        checks.anonymityToMany(message.request(), message.originator()); // 8.2.1.2/7.a.i
        checks.notTooMany(members); // 8.2.1.2/7.a.ii
        checks.notEmpty(members); // 8.2.1.2/7.a.iii
        return new Outgoing(
                message,
                invites.exploded(message, Offer.of(offer, lists, policy)), // 8.2.1.2/7.b.noncpm
                members.uris(),
                members.invalid(),
                true,
                false,
                Optional.empty());
    }

    /// To the core (8.2.1.2/8.else), or to interworking what has no SIP address (8.2.1.2/8).
    private Outgoing forwarded(StandaloneMessage message, MessageMedia offer) throws Refusal {
        var request = message.request();
        var lists = message.content().lists();
        if (!InterworkingSelection.isReachableBySip(request.requestUri())
                && lists.isEmpty()
                && !interworking.allowed()) {
            throw new Refusal(416, "No interworking with " + request.requestUri().scheme());
        }
        var template =
                invites.forwarded(
                        message,
                        checks.hopsLeft(request),
                        checks.routeBeyondUs(message),
                        Offer.of(offer, lists, policy));
        return new Outgoing(
                message,
                template,
                List.of(request.requestUriText()),
                List.of(),
                false,
                !lists.isEmpty(),
                Optional.empty());
    }
}
