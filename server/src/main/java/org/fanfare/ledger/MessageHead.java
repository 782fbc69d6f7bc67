package org.fanfare.ledger;

import org.fanfare.wire.Octets;

import java.time.Instant;

/// What is kept of a message besides its recipients.
///
/// Originator, ids and content hash together are the key by which duplicates are known.
///
/// @param originator canonical URI of the authenticated sender
/// @param imdnMessageId imdn.Message-ID of the CPIM, "" for none
/// @param contentHash over content and list, so that the same ids with other content are no
///   duplicate
/// @param mode pager or large
/// @param template what the fan-out needs to make the copies, in its own format
/// @param spool where the content is when it is not in the template, complete and on stable storage
///   before the message is accepted; see [Ledger#spools]
/// @param deadline when the message expires
/// @param negativeDeliveryWanted the sender is owed a report for each recipient that fails; see
///   [Ledger#reported]
public record MessageHead(
        String originator,
        String contributionId,
        String conversationId,
        String imdnMessageId,
        Octets contentHash,
        String mode,
        Octets template,
        SpoolReference spool,
        Instant acceptedAt,
        Instant deadline,
        boolean negativeDeliveryWanted) {

    public MessageHead {
        checkText("originator", originator);
        checkText("contributionId", contributionId);
        checkText("conversationId", conversationId);
        checkText("imdnMessageId", imdnMessageId);
        checkText("mode", mode);
    }

    /// Of a message whose content is in the template.
    public MessageHead(
            String originator,
            String contributionId,
            String conversationId,
            String imdnMessageId,
            Octets contentHash,
            String mode,
            Octets template,
            Instant acceptedAt,
            Instant deadline,
            boolean negativeDeliveryWanted) {
        this(
                originator,
                contributionId,
                conversationId,
                imdnMessageId,
                contentHash,
                mode,
                template,
                SpoolReference.NONE,
                acceptedAt,
                deadline,
                negativeDeliveryWanted);
    }

    /// NUL is the one character that not every engine stores in a text.
    private static void checkText(String name, String value) {
        if (value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(name + ": contains NUL");
        }
    }
}
