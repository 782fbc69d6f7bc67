package org.fanfare.interworking;

/// What became of one submission to the SMSC.
sealed interface Submitted {

    /// The SMSC has it.
    ///
    /// @param id what the SMSC calls it
    record Taken(String id) implements Submitted {}

    /// The SMSC does not want it.
    ///
    /// @param status `command_status` (SMPP 3.4 5.1.3)
    record Refused(int status) implements Submitted {}

    /// It was not submitted, or the SMSC was too busy; later it may go.
    record Later(String reason) implements Submitted {}

    /// It was sent and nothing came back: the SMSC may have it.
    record Unknown(String reason) implements Submitted {}
}
