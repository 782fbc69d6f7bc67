package org.fanfare.pf;

import org.fanfare.cpm.CpmHeader;
import org.fanfare.cpm.CpmWarning;
import org.fanfare.cpm.Privacy;
import org.fanfare.cpm.ReleaseVersion;
import org.fanfare.cpm.ServiceId;
import org.fanfare.mime.MediaType;
import org.fanfare.mime.MimeEntity;
import org.fanfare.resourcelists.RecipientList;
import org.fanfare.resourcelists.TooManyEntries;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.uri.NameAddress;
import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;

import java.util.ArrayList;
import java.util.List;

/// What a request must be before anything is done for it, in either mode (8.2.1.1 and 8.2.1.2).
/// Each check refuses, or says nothing.
record Checks(Self self, Policy policy, Limits limits) {

    void originatorAllowed(Originator originator) throws Refusal {
        if (!policy.originators().include(originator)) {
            // 8.2.1.1/1.403 8.2.1.1/1.warn
            // 8.2.1.2/1.403 8.2.1.2/1.warn
            throw new Refusal(403, CpmWarning.SERVICE_NOT_AUTHORISED);
        }
        // 8.2.1.1/1.else 8.2.1.2/1.else
    }

    void userAgentVersion(SipRequest request) throws Refusal {
        var minimum = policy.minimumRelease();
        if (minimum == null) {
            return; // 8.2.1.1/2.off 8.2.1.2/2.off
        }
        var release = request.userAgent().flatMap(ReleaseVersion::find);
        if (release.filter(version -> version.isAtLeast(minimum)).isEmpty()) {
            // 8.2.1.1/2.403 8.2.1.1/2.warn
            // 8.2.1.2/2.403 8.2.1.2/2.warn
            throw new Refusal(403, CpmWarning.VERSION_NOT_SUPPORTED);
        }
        // 8.2.1.1/2.else 8.2.1.2/2.else
    }

    void anonymity(SipRequest request) throws Refusal {
        if (isAnonymityRequested(request) && !policy.anonymity()) {
            // 8.2.1.1/3.warn 8.2.1.2/3.warn
            throw new Refusal(403, CpmWarning.ANONYMITY_NOT_ALLOWED);
        }
        // 8.2.1.1/3.else 8.2.1.1/3.off
        // 8.2.1.2/3.else 8.2.1.2/3.off
    }

    /// By Privacy, or by a From that names nobody (reliability I8).
    private static boolean isAnonymityRequested(SipRequest request) {
        return Privacy.parse(request.headers().all(CpmHeader.PRIVACY)).anonymityRequested()
                || Privacy.isAnonymous(request.from().uri());
    }

    /// What has expired is dropped in silence only if it is a MESSAGE: a 2xx to an INVITE would be
    /// a session that nobody serves.
    Lifetime stillValid(SipRequest request, Lifetime lifetime) throws Refusal {
        if (lifetime.isOver()) { // 8.2.1.1/4.expired 8.2.1.2/4.expired, reading 51
            boolean dropped =
                    policy.expired() == Policy.Expired.DROP
                            && request.method().equals(Method.MESSAGE);
            throw new Refusal(dropped ? 202 : 480, "Message expired");
        }
        // 8.2.1.1/4.else 8.2.1.1/4.off
        // 8.2.1.2/4.else 8.2.1.2/4.off
        return lifetime;
    }

    /// Who signs inside must be who is known outside, or nobody (reliability B6).
    void cpimFrom(MessageContent content, Originator originator) throws Refusal {
        for (var message : content.messages()) {
            var from = message.from().uri();
            if (policy.checkCpimFrom() && !originator.is(from) && !Privacy.isAnonymous(from)) {
                throw new Refusal(403, CpmWarning.SERVICE_NOT_AUTHORISED);
            }
        }
    }

    Members memberList(List<MimeEntity> lists) throws Refusal {
        var documents = new ArrayList<Octets>();
        for (var part : lists) {
            if (!part.contentType().is(MediaType.RESOURCE_LISTS)) {
                throw new Refusal(415, "Recipient list of unknown type")
                        .with("Accept", OriginatingPagerMode.ACCEPTED);
            }
            documents.add(part.content(limits));
        }
        try {
            return Members.of(RecipientList.parse(documents, limits), self);
        } catch (TooManyEntries _) { // long before duplicates are found
            throw new Refusal(486, CpmWarning.TOO_MANY_RECIPIENTS);
        }
    }

    void anonymityToMany(SipRequest request, Originator originator) throws Refusal {
        if (isAnonymityRequested(request) && !policy.anonymityToMany().include(originator)) {
            // 8.2.1.1/8.A.ii.1.403 8.2.1.1/8.A.ii.1.warn
            // 8.2.1.1/8.B.a.iv.1.403 8.2.1.1/8.B.a.iv.1.warn
            // 8.2.1.2/7.a.i.403 8.2.1.2/7.a.i.warn
            throw new Refusal(403, CpmWarning.ANONYMITY_NOT_ALLOWED);
        }
        // 8.2.1.1/8.A.ii.1.else 8.2.1.1/8.A.ii.1.off
        // 8.2.1.1/8.B.a.iv.1.else 8.2.1.1/8.B.a.iv.1.off
        // 8.2.1.2/7.a.i.else 8.2.1.2/7.a.i.off
    }

    void notTooMany(Members members) throws Refusal {
        if (members.uris().size() > policy.maxRecipients()) {
            // 8.2.1.1/8.A.ii.2.486 8.2.1.1/8.A.ii.2.warn
            // 8.2.1.1/8.B.a.iv.2.486 8.2.1.1/8.B.a.iv.2.warn
            // 8.2.1.2/7.a.ii.486 8.2.1.2/7.a.ii.warn
            throw new Refusal(486, CpmWarning.TOO_MANY_RECIPIENTS);
        }
        // 8.2.1.1/8.A.ii.2.else 8.2.1.1/8.B.a.iv.2.else 8.2.1.2/7.a.ii.else
    }

    /// An empty list is also one of which nothing is left (reading 48).
    void notEmpty(Members members) throws Refusal {
        if (!members.hasValid()) {
            // 8.2.1.1/8.A.ii.3.403 8.2.1.1/8.A.ii.3.warn
            // 8.2.1.1/8.B.a.iv.3.403 8.2.1.1/8.B.a.iv.3.warn
            // 8.2.1.2/7.a.iii.403 8.2.1.2/7.a.iii.warn
            throw new Refusal(403, CpmWarning.NO_DESTINATIONS);
        }
        // 8.2.1.1/8.B.a.iv.3.else 8.2.1.2/7.a.iii.else
    }

    /// The service that goes out as asserted.
    ///
    /// @param otherwise where the sender says nothing
    String assertedService(StandaloneMessage message, ServiceId otherwise) throws Refusal {
        var request = message.request();
        var asserted = request.headers().all(CpmHeader.P_ASSERTED_SERVICE);
        if (!asserted.isEmpty() && message.fromTrusted()) { // others assert nothing (I7)
            return keptService(asserted);
        }
        // Any of the eight, whether it fits the request or not (reading 49):
        // 8.2.1.1/7.i.1.msg 8.2.1.1/7.i.1.msg.group
        // 8.2.1.1/7.i.1.largemsg 8.2.1.1/7.i.1.largemsg.group
        // 8.2.1.1/7.i.1.session 8.2.1.1/7.i.1.session.group
        // 8.2.1.1/7.i.1.filetransfer 8.2.1.1/7.i.1.filetransfer.group
        // 8.2.1.2/7.e.i 8.2.1.2/7.e.ii
        var preferred = ServiceId.ofHeader(request.headers().all(CpmHeader.P_PREFERRED_SERVICE));
        // 8.2.1.1/7.i.1, else derived (reading 49)
        return preferred.orElse(otherwise.forGroup(isForSeveral(message))).urn();
    }

    private String keptService(List<String> asserted) throws Refusal {
        var service = ServiceId.ofHeader(asserted);
        if (service.isPresent()) {
            // 8.2.1.1/7.i.2.else 8.2.1.2/7.e.iii 8.2.1.2/7.e.iii.group
            return service.get().urn();
        }
        if (policy.foreignService() == Policy.ForeignService.REJECT) {
            // 8.2.1.1/7.i.2 8.2.1.2/7.e.iii.403
            throw new Refusal(403, CpmWarning.SERVICE_NOT_AUTHORISED);
        }
        return asserted.getFirst();
    }

    private boolean isForSeveral(StandaloneMessage message) {
        return self.isExploderUri(message.request().requestUri())
                || !message.content().lists().isEmpty();
    }

    /// Max-Forwards of what is forwarded.
    int hopsLeft(SipRequest request) throws Refusal {
        int maxForwards = request.maxForwards().orElse(Copies.MAX_FORWARDS + 1);
        if (maxForwards == 0) {
            throw new Refusal(483, "Max-Forwards is 0");
        }
        return maxForwards - 1;
    }

    /// What a neighbour has put behind us, so that the request comes back to it.
    List<NameAddress> routeBeyondUs(StandaloneMessage message) {
        if (!message.fromTrusted()) {
            return List.of();
        }
        var routes = message.request().routes();
        boolean ours = !routes.isEmpty() && self.isUs(routes.getFirst());
        return ours ? routes.subList(1, routes.size()) : routes;
    }
}
