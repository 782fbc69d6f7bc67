package org.fanfare.ledger;

import org.fanfare.wire.Octets;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/// Messages and outcomes for tests.
final class Messages {

    static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");

    private Messages() {}

    static MessageHead head(String contributionId) {
        return head(contributionId, "hello", false);
    }

    static MessageHead head(String contributionId, String content, boolean reports) {
        return new MessageHead(
                "sip:alice@home.example",
                contributionId,
                "conversation-" + contributionId,
                "imdn-" + contributionId,
                Octets.utf8("hash of " + content),
                "pager",
                Octets.utf8(content),
                T0,
                T0.plus(Duration.ofHours(1)),
                reports);
    }

    static AcceptRecord message(String contributionId, int recipients) {
        return new AcceptRecord(head(contributionId), phones(recipients), List.of());
    }

    static AcceptRecord reported(String contributionId, int recipients) {
        return new AcceptRecord(head(contributionId, "hello", true), phones(recipients), List.of());
    }

    static final SpoolReference SPOOL =
            new SpoolReference("node-0123", 104_857_600_000L, 0xcafe_babeL);

    /// Large, with its content in a spool.
    static AcceptRecord large(String contributionId, int recipients, KnownOutcome... known) {
        return large(contributionId, SPOOL, recipients, known);
    }

    static AcceptRecord large(
            String contributionId, SpoolReference spool, int recipients, KnownOutcome... known) {
        var head = head(contributionId);
        return new AcceptRecord(
                new MessageHead(
                        head.originator(),
                        contributionId,
                        head.conversationId(),
                        head.imdnMessageId(),
                        head.contentHash(),
                        "large",
                        head.template(),
                        spool,
                        T0,
                        head.deadline(),
                        false),
                phones(recipients),
                List.of(),
                List.of(known));
    }

    static History history(String object) {
        return new History(Octets.utf8(object), T0.plus(Duration.ofHours(2)));
    }

    /// To be recorded, as whoever records it has made it.
    static AcceptRecord withHistory(AcceptRecord message, History history) {
        return new AcceptRecord(
                message.head(),
                message.recipients(),
                message.preFailed(),
                message.known(),
                java.util.Optional.of(history));
    }

    static List<String> phones(int count) {
        return IntStream.range(0, count).mapToObj(Messages::phone).toList();
    }

    static String phone(int index) {
        return "sip:phone" + index + "@home.example";
    }

    static Outcome delivered(int seconds) {
        return new Outcome(OutcomeKind.DELIVERED, 200, "OK", T0.plusSeconds(seconds), 1);
    }

    static Outcome failed(int status, String reason) {
        return new Outcome(OutcomeKind.FAILED, status, reason, T0.plusSeconds(1), 1);
    }

    static final StoredAnswer OK = new StoredAnswer(200, "", "");
    static final StoredAnswer BUSY = new StoredAnswer(486, "399 pf.home.example \"Busy\"", "");
}
