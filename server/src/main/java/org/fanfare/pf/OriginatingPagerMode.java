package org.fanfare.pf;

import org.fanfare.cpm.CpmHeader;
import org.fanfare.cpm.CpmWarning;
import org.fanfare.cpm.ServiceId;
import org.fanfare.interworking.InterworkingSelection;
import org.fanfare.sip.SipRequest;
import org.fanfare.uri.NameAddress;
import org.fanfare.wire.Limits;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Pager Mode in the originating network (section 8.2.1.1).
final class OriginatingPagerMode {

    /// What can be in the body of a message to many.
    static final String ACCEPTED = "multipart/mixed, application/resource-lists+xml, message/cpim";

    private static final int MAX_FORWARDS = 70;

    private final Self self;
    private final Policy policy;
    private final Limits limits;
    private final InterworkingSelection interworking;
    private final InstantSource clock;
    private final Checks checks;
    private final Copies copies;
    private final Dispatch dispatch;
    private final Optional<MessageStore> store;
    private final Optional<UserPreferences> preferences;

    OriginatingPagerMode(
            Self self,
            Policy policy,
            Limits limits,
            InterworkingSelection interworking,
            InstantSource clock,
            Copies copies,
            Dispatch dispatch,
            Optional<MessageStore> store,
            Optional<UserPreferences> preferences) {
        this.self = self;
        this.policy = policy;
        this.limits = limits;
        this.interworking = interworking;
        this.clock = clock;
        this.checks = new Checks(self, policy, limits);
        this.copies = copies;
        this.dispatch = dispatch;
        this.store = store;
        this.preferences = preferences;
    }

    /// Returns when the final answer is known.
    ///
    /// @param fromTrusted whether it came from within the trust domain
    Answer handle(SipRequest request, Originator originator, boolean fromTrusted)
            throws Refusal, InterruptedException {
        checks.originatorAllowed(originator); // 8.2.1.1/1
        checks.userAgentVersion(request); // 8.2.1.1/2
        checks.anonymity(request); // 8.2.1.1/3
        var lifetime = checks.stillValid(Lifetime.of(request, clock.instant())); // 8.2.1.1/4
        var content =
                withExternalContent(MessageContent.of(request, limits), originator); // 8.2.1.1/5
        checks.cpimFrom(content, originator);
        var recorded = isToBeRecorded(originator); // 8.2.1.1/6
        var message =
                new PagerMessage(request, originator, fromTrusted, lifetime, content, recorded, "");
        var asserted = withAssertedService(message); // 8.2.1.1/7.i
        return content.size() <= policy.pagerLimit() // 8.2.1.1/8, reading 5
                ? sendAsPagerMode(asserted) // 8.2.1.1/8.A limit/1300.pf
                : sendAsLargeMessage(); // 8.2.1.1/8.B
    }

    private MessageContent withExternalContent(MessageContent content, Originator originator) {
        return store.map(s -> s.withExternalContent(content, originator.key())).orElse(content);
    }

    /// Whether to store it is decided here; stored it is when it has been sent (reading 38).
    private boolean isToBeRecorded(Originator originator) {
        return store.isPresent()
                && preferences.filter(p -> p.recordsHistory(originator.key())).isPresent();
    }

    private PagerMessage withAssertedService(PagerMessage message) throws Refusal { // 8.2.1.1/7.i
        var request = message.request();
        var asserted = request.headers().all(CpmHeader.P_ASSERTED_SERVICE);
        if (!asserted.isEmpty() && message.fromTrusted()) { // others assert nothing (I7)
            return message.withAssertedService(keptService(asserted));
        }
        // Any of the eight, whether it fits a MESSAGE or not (reading 49):
        // 8.2.1.1/7.i.1.msg 8.2.1.1/7.i.1.msg.group
        // 8.2.1.1/7.i.1.largemsg 8.2.1.1/7.i.1.largemsg.group
        // 8.2.1.1/7.i.1.session 8.2.1.1/7.i.1.session.group
        // 8.2.1.1/7.i.1.filetransfer 8.2.1.1/7.i.1.filetransfer.group
        var preferred = ServiceId.ofHeader(request.headers().all(CpmHeader.P_PREFERRED_SERVICE));
        return message.withAssertedService( // 8.2.1.1/7.i.1, else derived (reading 49)
                preferred.orElse(ServiceId.MSG.forGroup(isForSeveral(message))).urn());
    }

    private String keptService(List<String> asserted) throws Refusal {
        var service = ServiceId.ofHeader(asserted);
        if (service.isPresent()) {
            return service.get().urn(); // 8.2.1.1/7.i.2.else
        }
        if (policy.foreignService() == Policy.ForeignService.REJECT) { // 8.2.1.1/7.i.2
            throw new Refusal(403, CpmWarning.SERVICE_NOT_AUTHORISED);
        }
        return asserted.getFirst();
    }

    private boolean isForSeveral(PagerMessage message) {
        return self.isExploderUri(message.request().requestUri())
                || !message.content().lists().isEmpty();
    }

    private Answer sendAsPagerMode(PagerMessage message) throws Refusal, InterruptedException {
        var destination = message.request().requestUri();
        boolean forAdHocGroup = !message.content().lists().isEmpty();
        if (!InterworkingSelection.isReachableBySip(destination) && !forAdHocGroup) {
            return sendToInterworking(message); // 8.2.1.1/8.A.i
        }
        return self.isExploderUri(destination)
                ? explode(message) // 8.2.1.1/8.A.ii
                : forward(message); // 8.2.1.1/8.A.iii
    }

    /// The interworking function gets it, as every recipient that has no SIP address.
    private Answer sendToInterworking(PagerMessage message) throws Refusal, InterruptedException {
        if (!interworking.allowed()) {
            throw new Refusal(
                    416, "No interworking with " + message.request().requestUri().scheme());
        }
        return forward(message); // 8.2.1.1/8.A.i.1
    }

    /// To the SIP/IP core as it is: a single recipient, a pre-defined or an ad-hoc group, of which
    /// the list stays in (readings 45 and 82).
    private Answer forward(PagerMessage message) throws Refusal, InterruptedException {
        var request = message.request();
        int maxForwards = request.maxForwards().orElse(MAX_FORWARDS + 1);
        if (maxForwards == 0) {
            throw new Refusal(483, "Max-Forwards is 0");
        }
        var template = copies.forwarded(message, maxForwards - 1, routeBeyondUs(message));
        return dispatch.send(
                new Outgoing(
                        message,
                        template,
                        List.of(request.requestUriText()),
                        List.of(),
                        false,
                        !message.content().lists().isEmpty())); // 8.2.1.1/8.A.iii.adhoc
    }

    /// What a neighbour has put behind us, so that the request comes back to it.
    private List<NameAddress> routeBeyondUs(PagerMessage message) {
        if (!message.fromTrusted()) {
            return List.of();
        }
        var routes = message.request().routes();
        boolean ours = !routes.isEmpty() && self.isUs(routes.getFirst());
        return ours ? routes.subList(1, routes.size()) : routes;
    }

    /// 1-to-Many: a copy for every recipient on the list.
    private Answer explode(PagerMessage message) throws Refusal, InterruptedException {
        if (message.content().isNotification()) {
            return Answer.of(200); // about a message of ours: nobody waits for it (A7)
        }
        // 8.2.1.1/8.A.ii.5; read first (reading 14)
        var members = checks.memberList(message.content().lists());
        checks.anonymityToMany(message.request(), message.originator()); // 8.2.1.1/8.A.ii.1
        checks.notTooMany(members); // 8.2.1.1/8.A.ii.2
        checks.notEmpty(members); // 8.2.1.1/8.A.ii.3
        checkContent(message);
        return dispatch.send( // 8.2.1.1/8.A.ii.4 8.2.1.1/8.A.ii.13
                new Outgoing(
                        message,
                        copies.exploded(message),
                        members.uris(),
                        members.invalid(),
                        true,
                        false));
    }

    private void checkContent(PagerMessage message) throws Refusal {
        if (!message.content().isStandaloneMessage()) {
            throw new Refusal(415, "No message/cpim").with("Accept", ACCEPTED);
        }
    }

    /// Large Message Mode is not there yet: what needs it is refused as too large.
    private Answer sendAsLargeMessage() throws Refusal {
        throw new Refusal(403, CpmWarning.SIZE_EXCEEDED);
    }
}
