package org.fanfare.sip.transaction;

import org.fanfare.sip.SipResponse;

import java.io.IOException;

/// What becomes of a request. Exactly one of [#onFinal], [#onTimeout], [#onTransportFailure] comes,
/// once; for an INVITE that succeeded [#onFinal] comes again with each further 2xx (RFC 6026 7.2).
///
/// Called on the thread that received the response, or on that of the timers: it must not block, or
/// all other responses wait. It may send the next request from there.
public interface ResponseListener {

    /// For requests whose end means nothing to us.
    ResponseListener UNCONCERNED =
            new ResponseListener() {
                @Override
                public void onFinal(SipResponse response) {}

                @Override
                public void onTimeout() {}

                @Override
                public void onTransportFailure(IOException cause) {}
            };

    /// 1xx. May come late, after the end, when two threads receive for us.
    default void onProvisional(SipResponse response) {}

    /// 200 to 699.
    void onFinal(SipResponse response);

    /// Nothing final came within 64 * T1 (Timer B or F).
    void onTimeout();

    /// It could not be sent, or its connection ended. Nobody knows whether it arrived, unless the
    /// cause is [NotSent].
    void onTransportFailure(IOException cause);
}
