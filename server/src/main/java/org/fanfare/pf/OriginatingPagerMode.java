package org.fanfare.pf;

import org.fanfare.cpim.CpimHeader;
import org.fanfare.cpm.CpmWarning;
import org.fanfare.cpm.ServiceId;
import org.fanfare.interworking.InterworkingSelection;
import org.fanfare.sip.SipRequest;
import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;
import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Pager Mode in the originating network (section 8.2.1.1).
final class OriginatingPagerMode {

    /// What can be in the body of a message to many.
    static final String ACCEPTED = "multipart/mixed, application/resource-lists+xml, message/cpim";

    private final Self self;
    private final Policy policy;
    private final Limits limits;
    private final InterworkingSelection interworking;
    private final InstantSource clock;
    private final Checks checks;
    private final Copies copies;
    private final Dispatch dispatch;
    private final ExternalContent external;
    private final Recorder recorder;
    private final Notifications notifications;
    private final @Nullable LargeMode large;

    OriginatingPagerMode(
            Self self,
            Policy policy,
            Limits limits,
            InterworkingSelection interworking,
            InstantSource clock,
            Copies copies,
            Dispatch dispatch,
            ExternalContent external,
            Recorder recorder,
            Notifications notifications,
            @Nullable LargeMode large) {
        this.self = self;
        this.policy = policy;
        this.limits = limits;
        this.interworking = interworking;
        this.clock = clock;
        this.checks = new Checks(self, policy, limits);
        this.copies = copies;
        this.dispatch = dispatch;
        this.external = external;
        this.recorder = recorder;
        this.notifications = notifications;
        this.large = large;
    }

    /// Returns when the final answer is known.
    ///
    /// @param fromTrusted whether it came from within the trust domain
    Answer handle(SipRequest request, Originator originator, boolean fromTrusted)
            throws Refusal, InterruptedException {
        checks.originatorAllowed(originator); // 8.2.1.1/1
        checks.userAgentVersion(request); // 8.2.1.1/2
        checks.anonymity(request); // 8.2.1.1/3
        var lifetime = // 8.2.1.1/4
                checks.stillValid(request, Lifetime.of(request, clock.instant()));
        var received = MessageContent.of(request, limits);
        checks.cpimFrom(received, originator);
        var content = withExternalContent(request, received, originator); // 8.2.1.1/5
        var recorded = recorder.isToBeRecorded(originator); // 8.2.1.1/6
        var complete = external.isIn(received) ? external.complete(request, content) : request;
        var message =
                new StandaloneMessage(
                        complete, originator, fromTrusted, lifetime, content, recorded, "");
        // 8.2.1.1/7.i
        var asserted = message.withAssertedService(checks.assertedService(message, ServiceId.MSG));
        return content.size() <= policy.pagerLimit() // 8.2.1.1/8, reading 5
                ? sendAsPagerMode(asserted) // 8.2.1.1/8.A limit/1300.pf
                : sendAsLargeMessage(asserted); // 8.2.1.1/8.B
    }

    /// The list is looked at first, so that nothing is fetched for one that is refused (reading
    /// 53).
    private MessageContent withExternalContent(
            SipRequest request, MessageContent content, Originator originator) throws Refusal {
        if (!external.isIn(content)) {
            return content; // 8.2.1.1/5.else
        }
        if (self.isExploderUri(request.requestUri())) {
            var members = checks.memberList(content.lists());
            checks.anonymityToMany(request, originator);
            checks.notTooMany(members);
            checks.notEmpty(members);
        }
        return external.fetched(content, originator);
    }

    private Answer sendAsPagerMode(StandaloneMessage message) throws Refusal, InterruptedException {
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
    private Answer sendToInterworking(StandaloneMessage message)
            throws Refusal, InterruptedException {
        if (!interworking.allowed()) {
            throw new Refusal(
                    416, "No interworking with " + message.request().requestUri().scheme());
        }
        return forward(message); // 8.2.1.1/8.A.i.1
    }

    /// To the SIP/IP core as it is: a single recipient, a pre-defined or an ad-hoc group, of which
    /// the list stays in (readings 45 and 82).
    private Answer forward(StandaloneMessage message) throws Refusal, InterruptedException {
        var request = message.request();
        var template =
                copies.forwarded(message, checks.hopsLeft(request), checks.routeBeyondUs(message));
        return dispatch.send(
                new Outgoing(
                        message,
                        template,
                        List.of(request.requestUriText()),
                        List.of(),
                        false,
                        !message.content().lists().isEmpty(), // 8.2.1.1/8.A.iii.adhoc
                        Optional.empty()));
    }

    /// 1-to-Many: a copy for every recipient on the list.
    private Answer explode(StandaloneMessage message) throws Refusal, InterruptedException {
        if (message.content().isNotification()) {
            notifications.take(message);
            return Answer.of(200); // about a message of ours: nobody waits for it (A7)
        }
        // 8.2.1.1/8.A.ii.5; read first (reading 14)
        var members = checks.memberList(message.content().lists());
        checks.anonymityToMany(message.request(), message.originator()); // 8.2.1.1/8.A.ii.1
        checks.notTooMany(members); // 8.2.1.1/8.A.ii.2
        checks.notEmpty(members); // 8.2.1.1/8.A.ii.3
        checkContent(message);
        var copied = notifications.withUsOnPath(message);
        return dispatch.send( // 8.2.1.1/8.A.ii.4 8.2.1.1/8.A.ii.13
                new Outgoing(
                        message,
                        copies.exploded(copied),
                        members.uris(),
                        members.invalid(),
                        true,
                        false,
                        Optional.empty()));
    }

    private void checkContent(StandaloneMessage message) throws Refusal {
        if (!message.content().isStandaloneMessage()) {
            throw new Refusal(415, "No message/cpim").with("Accept", ACCEPTED);
        }
    }

    /// Too large to go on as it came: the legs are sessions (8.2.1.1/8.B.a, reading 9).
    private Answer sendAsLargeMessage(StandaloneMessage message)
            throws Refusal, InterruptedException {
        var content = message.content();
        if (large == null || content.size() > large.largest()) {
            throw new Refusal(403, CpmWarning.SIZE_EXCEEDED);
        }
        checkContent(message);
        if (content.messages().isEmpty()) { // sealed for the recipient, and of no known type
            throw new Refusal(415, "No message/cpim").with("Accept", ACCEPTED);
        }
        var invites = new Invites(copies, large.contact(), large.interval());
        var converted = asLarge(withPayloadTypes(message));
        return self.isExploderUri(message.request().requestUri()) // 8.2.1.1/8.B.a.iv
                ? explodeAsLarge(converted, invites)
                : forwardAsLarge(converted, invites); // 8.2.1.1/8.B.a.iv.else
    }

    /// 8.2.1.1/8.B.d.vi.2.i: what a multipart holds, unless its sender has said so (reading 35).
    private StandaloneMessage withPayloadTypes(StandaloneMessage message) {
        var cpim = message.content().messages().getFirst();
        var payload = cpim.content();
        return !payload.contentType().isMultipart()
                        || cpim.header(CpimHeader.CPM_NAMESPACE, "Payload-Type").isPresent()
                ? message
                : message.withContent(
                        message.content()
                                .with(cpim.toBuilder().payloadTypes(payload, limits).build()));
    }

    /// 8.2.1.1/8.B.a.ii.1 8.2.1.1/8.B.a.ii.2 8.2.1.1/8.B.a.ii.3 8.2.1.1/8.B.a.ii.4
    private static StandaloneMessage asLarge(StandaloneMessage message) {
        return ServiceId.ofUrn(message.assertedService()) // 8.2.1.1/8.B.a.ii
                .map(service -> message.withAssertedService(service.asLargeMessage().urn()))
                .orElse(message);
    }

    private Answer explodeAsLarge(StandaloneMessage message, Invites invites)
            throws Refusal, InterruptedException {
        // 8.2.1.1/8.B.a.iv.4; read first (reading 14)
        var members = checks.memberList(message.content().lists());
        checks.anonymityToMany(message.request(), message.originator()); // 8.2.1.1/8.B.a.iv.1
        checks.notTooMany(members); // 8.2.1.1/8.B.a.iv.2
        checks.notEmpty(members); // 8.2.1.1/8.B.a.iv.3
        var content = content(notifications.withUsOnPath(message));
        return dispatch.send( // 8.2.1.1/8.B.c
                new Outgoing(
                        message,
                        invites.exploded(message, offer(message, content)),
                        members.uris(),
                        members.invalid(),
                        true,
                        false,
                        Optional.of(content)));
    }

    /// Without a SIP address to interworking (8.2.1.1/8.B.b), as in Pager Mode.
    private Answer forwardAsLarge(StandaloneMessage message, Invites invites)
            throws Refusal, InterruptedException {
        var request = message.request();
        boolean forAdHocGroup = !message.content().lists().isEmpty();
        if (!InterworkingSelection.isReachableBySip(request.requestUri())
                && !forAdHocGroup
                && !interworking.allowed()) {
            throw new Refusal(416, "No interworking with " + request.requestUri().scheme());
        }
        var content = content(message);
        return dispatch.send(
                new Outgoing(
                        message,
                        invites.forwarded(
                                message,
                                checks.hopsLeft(request),
                                checks.routeBeyondUs(message),
                                offer(message, content)),
                        List.of(request.requestUriText()),
                        List.of(),
                        false,
                        forAdHocGroup,
                        Optional.of(content)));
    }

    private static Octets content(StandaloneMessage message) {
        return message.content().messages().getFirst().toOctets();
    }

    private Offer offer(StandaloneMessage message, Octets content) {
        var types =
                message.content().messages().getFirst().content().leaves(limits).stream()
                        .map(leaf -> leaf.contentType().essence())
                        .distinct()
                        .toList();
        return Offer.of(types, content.length(), message.content().lists(), policy);
    }
}
