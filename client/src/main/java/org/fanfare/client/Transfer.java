package org.fanfare.client;

/// A message on its way, from [CpmClient#begin]. For any thread.
public sealed interface Transfer permits PagerTransfer, LargeTransfer {

    /// How it travels, decided by its size (7.2.1.3).
    Mode mode();

    /// Octets of the message with its CPIM wrapper.
    long size();

    /// Octets for which a 200 has come; in Pager Mode all or nothing.
    long acknowledged();

    /// Gives a large message up: by CANCEL while there is no final response, later by an abort of
    /// what is being sent (7.2.1.2/cancel). A pager message cannot be cancelled (reading 66), and
    /// what is over stays as it is.
    void cancel();

    /// Waits until it is over.
    SendResult await() throws InterruptedException;
}
