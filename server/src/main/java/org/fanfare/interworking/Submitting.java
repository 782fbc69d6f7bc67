package org.fanfare.interworking;

/// How one short message is submitted to the SMSC.
@FunctionalInterface
interface Submitting {

    /// Returns when it is known what became of it, in less than the time that a MESSAGE waits.
    ///
    /// @param receipt whether the SMSC is to tell what becomes of it
    Submitted submit(SmsAddress from, SmsAddress to, ShortMessage message, boolean receipt)
            throws InterruptedException;
}
