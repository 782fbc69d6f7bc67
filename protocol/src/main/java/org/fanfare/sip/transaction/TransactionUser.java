package org.fanfare.sip.transaction;

import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.transport.Flow;

import java.io.IOException;

/// The core that answers requests (RFC 3261 6, transaction user). Each call but
/// [#onUnmatchedResponse] comes on a virtual thread of its own and may block.
public interface TransactionUser {

    /// A new request, no retransmission of one, and well-formed. When this throws, the answer is
    /// 500.
    void onRequest(ServerTransaction transaction);

    /// An ACK for a 2xx (RFC 6026 7.1), or one that matches nothing here.
    default void onAck(SipRequest ack, Flow flow) {}

    /// The INVITE is to be ended; the CANCEL is answered already (RFC 3261 9.2).
    default void onCancel(ServerTransaction transaction) {}

    /// No answer in time: to an INVITE the ACK is missing (Timer H); another request was not
    /// answered while its client listened, and no answer is sent any more (RFC 4320 4.2).
    default void onTimeout(ServerTransaction transaction) {}

    /// The answer could not be sent.
    default void onTransportFailure(ServerTransaction transaction, IOException cause) {}

    /// A response that belongs to no transaction, or to none any more (RFC 6026 8.2). Called on the
    /// thread that reads: it must not block.
    default void onUnmatchedResponse(SipResponse response) {}

    /// A connection has ended.
    default void onClosed(Flow flow) {}
}
