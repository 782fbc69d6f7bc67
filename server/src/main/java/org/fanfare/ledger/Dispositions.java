package org.fanfare.ledger;

import java.util.List;
import java.util.Set;

/// What recipients have reported. Every method throws [LedgerUnavailable] when it cannot be done
/// now.
public interface Dispositions {

    /// A message about which reports may come.
    ///
    /// @param originator to whom they go
    record Asked(MessageRef message, String originator, String conversationId, int recipients) {}

    /// The newest messages with this imdn.Message-ID; several where senders have chosen the same.
    List<Asked> asked(String imdnMessageId);

    /// The URIs of a range.
    List<String> recipients(MessageRef message, int part);

    /// Notes a report; on stable storage when this returns, together with those that came at the
    /// same time.
    ///
    /// @return whether it is news
    boolean note(MessageRef message, int recipient, Disposition disposition);

    /// What each recipient of a range has reported; shorter than the range where the last ones have
    /// reported nothing.
    List<Set<Disposition>> of(MessageRef message, int part);
}
