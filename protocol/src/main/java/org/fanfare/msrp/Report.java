package org.fanfare.msrp;

/// A REPORT on a message that we sent (RFC 4975 7.1.2).
///
/// @param status 200, or why the octets were lost
public record Report(String messageId, ByteRange byteRange, int status) {

    public boolean isSuccess() {
        return status == MsrpStatus.OK;
    }
}
