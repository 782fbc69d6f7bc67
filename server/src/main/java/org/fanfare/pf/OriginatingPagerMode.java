package org.fanfare.pf;

import org.fanfare.cpm.CpmHeader;
import org.fanfare.cpm.CpmWarning;
import org.fanfare.cpm.Privacy;
import org.fanfare.cpm.ReleaseVersion;
import org.fanfare.cpm.ServiceId;
import org.fanfare.interworking.InterworkingSelection;
import org.fanfare.mime.MediaType;
import org.fanfare.resourcelists.RecipientList;
import org.fanfare.resourcelists.TooManyEntries;
import org.fanfare.sip.SipRequest;
import org.fanfare.uri.NameAddress;
import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;

import java.time.InstantSource;
import java.util.ArrayList;
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
        checkOriginatorAllowed(originator); // 8.2.1.1/1
        checkUserAgentVersion(request); // 8.2.1.1/2
        checkAnonymity(request); // 8.2.1.1/3
        var lifetime = checkStillValid(request); // 8.2.1.1/4
        var content =
                withExternalContent(MessageContent.of(request, limits), originator); // 8.2.1.1/5
        checkCpimFrom(content, originator);
        var recorded = isToBeRecorded(originator); // 8.2.1.1/6
        var message =
                new PagerMessage(request, originator, fromTrusted, lifetime, content, recorded, "");
        var asserted = withAssertedService(message); // 8.2.1.1/7.i
        return content.size() <= policy.pagerLimit() // 8.2.1.1/8, reading 5
                ? sendAsPagerMode(asserted) // 8.2.1.1/8.A limit/1300.pf
                : sendAsLargeMessage(); // 8.2.1.1/8.B
    }

    private void checkOriginatorAllowed(Originator originator) throws Refusal {
        if (!policy.originators().include(originator)) {
            // 8.2.1.1/1.403 8.2.1.1/1.warn
            throw new Refusal(403, CpmWarning.SERVICE_NOT_AUTHORISED);
        }
        // 8.2.1.1/1.else
    }

    private void checkUserAgentVersion(SipRequest request) throws Refusal {
        var minimum = policy.minimumRelease();
        if (minimum == null) {
            return; // 8.2.1.1/2.off
        }
        var release = request.userAgent().flatMap(ReleaseVersion::find);
        if (release.filter(version -> version.isAtLeast(minimum)).isEmpty()) {
            // 8.2.1.1/2.403 8.2.1.1/2.warn
            throw new Refusal(403, CpmWarning.VERSION_NOT_SUPPORTED);
        }
        // 8.2.1.1/2.else
    }

    private void checkAnonymity(SipRequest request) throws Refusal {
        if (isAnonymityRequested(request) && !policy.anonymity()) {
            throw new Refusal(403, CpmWarning.ANONYMITY_NOT_ALLOWED); // 8.2.1.1/3.warn
        }
        // 8.2.1.1/3.else 8.2.1.1/3.off
    }

    /// By Privacy, or by a From that names nobody (reliability I8).
    private static boolean isAnonymityRequested(SipRequest request) {
        return Privacy.parse(request.headers().all(CpmHeader.PRIVACY)).anonymityRequested()
                || Privacy.isAnonymous(request.from().uri());
    }

    private Lifetime checkStillValid(SipRequest request) throws Refusal {
        var lifetime = Lifetime.of(request, clock.instant());
        if (lifetime.isOver()) { // 8.2.1.1/4.expired, reading 51
            throw new Refusal(
                    policy.expired() == Policy.Expired.REJECT ? 480 : 202, "Message expired");
        }
        return lifetime; // 8.2.1.1/4.else 8.2.1.1/4.off
    }

    private MessageContent withExternalContent(MessageContent content, Originator originator) {
        return store.map(s -> s.withExternalContent(content, originator.key())).orElse(content);
    }

    /// Who signs inside must be who is known outside, or nobody (reliability B6).
    private void checkCpimFrom(MessageContent content, Originator originator) throws Refusal {
        for (var message : content.messages()) {
            var from = message.from().uri();
            if (policy.checkCpimFrom() && !originator.is(from) && !Privacy.isAnonymous(from)) {
                throw new Refusal(403, CpmWarning.SERVICE_NOT_AUTHORISED);
            }
        }
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
        var members = memberList(message); // 8.2.1.1/8.A.ii.5; read first (reading 14)
        checkAnonymityToMany(message); // 8.2.1.1/8.A.ii.1
        checkNotTooMany(members); // 8.2.1.1/8.A.ii.2
        checkNotEmpty(members); // 8.2.1.1/8.A.ii.3
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

    private Members memberList(PagerMessage message) throws Refusal {
        var documents = new ArrayList<Octets>();
        for (var part : message.content().lists()) {
            if (!part.contentType().is(MediaType.RESOURCE_LISTS)) {
                throw new Refusal(415, "Recipient list of unknown type").with("Accept", ACCEPTED);
            }
            documents.add(part.content(limits));
        }
        try {
            return Members.of(RecipientList.parse(documents, limits), self);
        } catch (TooManyEntries _) { // long before duplicates are found
            throw new Refusal(486, CpmWarning.TOO_MANY_RECIPIENTS);
        }
    }

    private void checkAnonymityToMany(PagerMessage message) throws Refusal {
        if (isAnonymityRequested(message.request())
                && !policy.anonymityToMany().include(message.originator())) {
            // 8.2.1.1/8.A.ii.1.403 8.2.1.1/8.A.ii.1.warn
            throw new Refusal(403, CpmWarning.ANONYMITY_NOT_ALLOWED);
        }
        // 8.2.1.1/8.A.ii.1.else 8.2.1.1/8.A.ii.1.off
    }

    private void checkNotTooMany(Members members) throws Refusal {
        if (members.uris().size() > policy.maxRecipients()) {
            // 8.2.1.1/8.A.ii.2.486 8.2.1.1/8.A.ii.2.warn
            throw new Refusal(486, CpmWarning.TOO_MANY_RECIPIENTS);
        }
        // 8.2.1.1/8.A.ii.2.else
    }

    /// An empty list is also one of which nothing is left (reading 48).
    private void checkNotEmpty(Members members) throws Refusal {
        if (!members.hasValid()) {
            // 8.2.1.1/8.A.ii.3.403 8.2.1.1/8.A.ii.3.warn
            throw new Refusal(403, CpmWarning.NO_DESTINATIONS);
        }
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
