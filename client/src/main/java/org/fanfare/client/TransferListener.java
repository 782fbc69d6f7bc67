package org.fanfare.client;

/// Hears how far a large message is.
@FunctionalInterface
public interface TransferListener {

    TransferListener SILENT = (_, _) -> {};

    /// Called by the sending thread, which waits meanwhile; the last time with all octets, when all
    /// are acknowledged.
    ///
    /// @param acknowledged octets for which a 200 has come
    /// @param size of the whole message with its CPIM wrapper
    void onProgress(long acknowledged, long size);
}
