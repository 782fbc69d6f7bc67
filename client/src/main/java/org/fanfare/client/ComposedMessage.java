package org.fanfare.client;

import org.fanfare.cpim.CpimMessage;
import org.fanfare.sip.SipRequest;

/// A message ready to be sent.
///
/// @param request complete but for its Via
record ComposedMessage(
        SipRequest request,
        OutgoingMessage message,
        Destination destination,
        CpimMessage cpim,
        MessageIds ids) {}
