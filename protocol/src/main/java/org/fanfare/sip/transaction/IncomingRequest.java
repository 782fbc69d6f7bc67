package org.fanfare.sip.transaction;

import org.fanfare.sip.SipRequest;
import org.fanfare.sip.transport.Flow;

/// A request and its ways.
///
/// @param request with `received` and `rport`
/// @param octets how many came
/// @param flow where it came from
/// @param back where the answer goes: the same, but for the port of a UDP client without rport
record IncomingRequest(SipRequest request, int octets, Flow flow, Flow back) {}
