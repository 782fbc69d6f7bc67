package org.fanfare.pf;

import org.fanfare.cpm.ContributionId;
import org.fanfare.cpm.CpmHeader;
import org.fanfare.sip.SipRequest;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/// A CPM Standalone Message of either mode that has passed the first checks. Of one that comes by
/// INVITE the content is still to come.
///
/// @param fromTrusted whether a neighbour inside the trust domain sent it
/// @param recorded whether its originator wants it in his history (8.2.1.1/6)
/// @param assertedService value of P-Asserted-Service, empty until step 7 has found one
record StandaloneMessage(
        SipRequest request,
        Originator originator,
        boolean fromTrusted,
        Lifetime lifetime,
        MessageContent content,
        boolean recorded,
        String assertedService) {

    StandaloneMessage withAssertedService(String service) {
        return new StandaloneMessage(
                request, originator, fromTrusted, lifetime, content, recorded, service);
    }

    StandaloneMessage withContent(MessageContent value) {
        return new StandaloneMessage(
                request, originator, fromTrusted, lifetime, value, recorded, assertedService);
    }

    /// The sender's, or one made of what stays the same when the sender tries again.
    ContributionId contributionId() {
        return request.header(CpmHeader.CONTRIBUTION_ID)
                .map(ContributionId::parse)
                .orElseGet(this::derivedContributionId);
    }

    private ContributionId derivedContributionId() {
        var name = originator.key() + " " + request.callId() + " " + request.cseq();
        return new ContributionId(
                UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString());
    }

    String conversationId() {
        return request.header(CpmHeader.CONVERSATION_ID).orElse("");
    }
}
