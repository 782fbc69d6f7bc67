package org.fanfare.ledger;

import org.fanfare.ledger.Command.Accept;
import org.fanfare.wire.Sha256;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Makes the columns of a message that is to be accepted, on the thread of whoever brings it.
final class AcceptEncoder {

    private AcceptEncoder() {}

    static Accept encode(AcceptRecord message) {
        var head = message.head();
        var recipients = new ArrayList<byte[]>();
        var states = new ArrayList<StateArray>();
        int total = message.recipients().size();
        for (int from = 0; from < total; from += Ledger.RANGE_SIZE) {
            var range =
                    message.recipients().subList(from, Math.min(from + Ledger.RANGE_SIZE, total));
            recipients.add(RecipientText.encode(range));
            states.add(StateArray.pending(head.acceptedAt(), range.size()));
        }
        for (var failed : message.preFailed()) {
            var outcome = new Outcome(OutcomeKind.FAILED, 0, failed.reason(), head.acceptedAt(), 0);
            states.get(failed.index() / Ledger.RANGE_SIZE)
                    .set(failed.index() % Ledger.RANGE_SIZE, outcome);
        }
        for (var known : message.known()) {
            var range = states.get(known.index() / Ledger.RANGE_SIZE);
            range.set(known.index() % Ledger.RANGE_SIZE, known.outcome());
        }
        return new Accept(
                message,
                new Command.Encoded(
                        key(head),
                        ByteBuffer.wrap(Sha256.of(utf8(head.originator()))).getLong(),
                        head.template().toByteArray(),
                        recipients,
                        states),
                new CompletableFuture<>());
    }

    /// What makes two messages the same (reliability 2.7).
    private static byte[] key(MessageHead head) {
        var digest = Sha256.begin();
        for (var part :
                List.of(
                        utf8(head.originator()),
                        utf8(head.contributionId()),
                        utf8(head.imdnMessageId()),
                        head.contentHash().toByteArray())) {
            digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).array());
            digest.update(part);
        }
        return digest.digest();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
