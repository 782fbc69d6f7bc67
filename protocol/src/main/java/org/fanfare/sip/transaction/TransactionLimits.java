package org.fanfare.sip.transaction;

/// How many transactions are kept.
///
/// @param openServerTransactions requests that wait for an answer of the user; beyond it 503
/// @param answeredRequests answers over UDP that are kept for retransmissions; beyond it the oldest
///   is forgotten early
public record TransactionLimits(int openServerTransactions, int answeredRequests) {

    public static final TransactionLimits DEFAULT = new TransactionLimits(50_000, 200_000);

    public TransactionLimits {
        if (openServerTransactions < 1 || answeredRequests < 1) {
            throw new IllegalArgumentException("transaction limits: must be at least 1");
        }
    }
}
