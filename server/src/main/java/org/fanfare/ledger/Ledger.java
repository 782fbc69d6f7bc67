package org.fanfare.ledger;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What has been promised and what became of it, on stable storage (docs/architecture: ledger
/// first, network second).
///
/// A message is one head and ranges of up to [#RANGE_SIZE] recipients. A range is held by one node
/// with an epoch; whoever holds it with an older epoch is [Fenced]. Outcomes are collected in
/// memory and written as packed arrays, so that a crash forgets at most the last moments: those
/// copies go out again with the same ids. Safe for use by any number of threads.
public interface Ledger extends AutoCloseable {

    /// Recipients in one range.
    int RANGE_SIZE = 1_000;

    /// Returns when the message is on stable storage, or when it turns out to be a duplicate of one
    /// accepted within the duplicate window or not answered yet. Shares the disk's work with all
    /// calls that wait at the same time.
    ///
    /// @throws LedgerUnavailable if that cannot be done now; then nothing may be sent
    Acceptance accept(AcceptRecord message);

    /// The newest message that this originator has sent with this Contribution-ID, while its
    /// duplicates are known: for an INVITE, whose content is still to come. A message that is under
    /// way and not accepted is not here.
    ///
    /// @throws LedgerUnavailable if the database cannot be asked
    Optional<Acceptance.Duplicate> earlier(String originator, String contributionId);

    /// Notes what is known of a recipient; does not wait for the disk. Success is final; a failure
    /// gives way to a later success only; anything else that comes late is ignored.
    ///
    /// @throws Fenced if the range is not this node's (any more)
    void record(MessageRef message, int recipient, Outcome outcome);

    /// Notes that the negative-delivery report for a failed or expired recipient has been sent.
    ///
    /// Where reports are wanted, a range is unfinished until they are sent or the answer is not a
    /// 2xx (reading 2: a report only after a 2xx).
    ///
    /// @throws Fenced if the range is not this node's (any more)
    void reported(MessageRef message, int recipient);

    /// Returns when everything noted so far for the message is on stable storage.
    ///
    /// @throws LedgerUnavailable if that cannot be done now; what was noted is kept and tried again
    /// @throws Fenced if a range of it was taken over
    void flush(MessageRef message);

    /// Stores the answer to the sender, together with everything noted so far. Durable when it
    /// returns; the first answer stands.
    ///
    /// @throws LedgerUnavailable if that cannot be done now
    /// @throws Fenced if the message was taken over
    void answered(MessageRef message, StoredAnswer answer);

    /// Takes over up to `max` ranges that nobody works on: those of an earlier process of this
    /// node, and those of nodes whose lease ran out. To be called at start, and again from time to
    /// time, until it gives nothing. Oldest messages first, ranges in order.
    ///
    /// @throws LedgerUnavailable if the database cannot be asked
    List<Unfinished> claimUnfinished(int max);

    /// Leaves a range that was claimed, and of which nothing was done, to whoever looks next: this
    /// node cannot work on it now. It counts as if it had not been claimed.
    ///
    /// @throws LedgerUnavailable if that cannot be done now; then it stays with this node
    void giveBack(Unfinished range);

    /// Notes that a message is in its originator's history, or never will be. Durable when it
    /// returns.
    ///
    /// @throws LedgerUnavailable if that cannot be done now
    void recorded(MessageRef message);

    /// Messages whose [AcceptRecord#history] nobody has noted as [#recorded], oldest first: those
    /// of this node, and those of nodes whose lease ran out, which are this node's from now on.
    ///
    /// @param after the last one known already, 0 to begin
    /// @throws LedgerUnavailable if the database cannot be asked
    List<Unrecorded> unrecorded(MessageRef after, int max);

    /// The spools that are still needed, by id: those of all nodes. A spool is needed until every
    /// recipient of its message has a final outcome that is written and the message is recorded or
    /// given up, and in quarantine as long as the message is kept.
    ///
    /// @throws LedgerUnavailable if the database cannot be asked
    Set<String> spools();

    /// The newest message with this Contribution-ID.
    Optional<MessageSummary> message(String contributionId);

    /// One message.
    Optional<MessageSummary> message(MessageRef message);

    /// The recipients of the newest message with this Contribution-ID, those of one kind or all.
    ///
    /// @param after index of the last recipient already known, -1 to begin
    Page<RecipientRow> recipients(
            String contributionId, Optional<OutcomeKind> only, int after, int limit);

    /// Takes what is in quarantine of a message out of it, for [#claimUnfinished] to find: to be
    /// tried again as if for the first time, or, when it is dropped, to be ended without sending
    /// anything ([Unfinished#isDropped]). Returns how many ranges there were.
    ///
    /// @throws LedgerUnavailable if that cannot be done now
    int release(MessageRef message, boolean drop);

    /// The newest messages, newest first.
    List<MessageSummary> recent(int limit);

    /// Forgets messages that ended before that time, and returns how many. The ledger does so by
    /// itself after the configured retention.
    int removeEnded(Instant before);

    /// What was handed to systems that do not know what they have seen before.
    Submissions submissions();

    /// What recipients have reported.
    Dispositions dispositions();

    /// False while nothing can be accepted: disk full, write error, database gone.
    boolean healthy();

    LedgerFigures figures();

    /// Writes what is noted, gives up what is held so that the next start takes it over, and
    /// closes.
    @Override
    void close();
}
