package org.fanfare.client;

import org.fanfare.cpm.ContributionId;
import org.fanfare.cpm.ConversationId;
import org.fanfare.sip.SipRequest;
import org.fanfare.uri.Uri;

import java.util.Optional;

/// What a reply has to know of the thing it answers: a CPM Standalone Message, a CPM File Transfer
/// or a CPM Session Invitation (7.2.1.1/14; all three everywhere: reading 29).
///
/// @param replyTo the address in its Reply-To
/// @param originator the address in the header that names the authenticated originator
public record Answered(
        ConversationId conversationId,
        ContributionId contributionId,
        Optional<Uri> replyTo,
        Optional<Uri> originator) {

    /// Reads a received MESSAGE or INVITE; empty where it lacks the CPM identifiers and therefore
    /// is nothing that CPM can reply to.
    public static Optional<Answered> of(SipRequest received) {
        return Identifiers.conversation(received)
                .flatMap(conversation ->
                        Identifiers.contribution(received)
                                .map(contribution -> of(received, conversation, contribution)));
    }

    private static Answered of(
            SipRequest received, ConversationId conversation, ContributionId contribution) {
        return new Answered(
                conversation,
                contribution,
                Originator.first(received.headerValues("Reply-To")),
                Originator.of(received));
    }

    /// Where a reply goes by itself: Reply-To (7.2.1.1/8.b), else the authenticated originator
    /// (8.c). Never the CPIM To, which may hold the EXPLODER-URI.
    public Uri replyAddress() {
        return replyTo.or(() -> originator).orElseThrow(CannotSend.NoReplyAddress::new);
    }
}
