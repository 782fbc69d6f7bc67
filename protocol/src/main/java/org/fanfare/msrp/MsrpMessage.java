package org.fanfare.msrp;

/// The head of a request, or a response (RFC 4975 7).
public sealed interface MsrpMessage permits MsrpRequest, MsrpResponse {

    /// Ties a response to its request.
    String transactionId();

    /// Read when first asked for.
    ///
    /// @throws org.fanfare.wire.MalformedMessage when a line is no header field
    MsrpFields fields();

    /// Looks at every header field of MSRP.
    ///
    /// @throws org.fanfare.wire.MalformedMessage when one is missing or malformed
    void check();
}
