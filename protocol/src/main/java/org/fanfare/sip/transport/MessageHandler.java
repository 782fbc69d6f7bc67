package org.fanfare.sip.transport;

import org.fanfare.sip.MalformedSip;
import org.fanfare.sip.SipMessage;

/// Takes what the transports receive, on the thread that reads it: it must not block, the next
/// messages wait.
public interface MessageHandler {

    /// A request has `received` and `rport` in its top Via as RFC 3261 18.2.1 and RFC 3581 want.
    void onMessage(SipMessage message, Flow flow);

    /// Something came that is no SIP message, or one that must be refused. After it the connection
    /// is closed when [MalformedSip#closeStream] says so: an answer may be sent before.
    ///
    /// @param octets how many had come, to measure the answer by
    void onMalformed(MalformedSip malformed, Flow flow, int octets);

    /// A connection has ended, whoever ended it. Comes once, and never for UDP.
    default void onClosed(Flow flow) {}
}
