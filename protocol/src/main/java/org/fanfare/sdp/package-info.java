/// Session descriptions (RFC 8866), and what they say about message sessions (RFC 4975, 5547, 6135,
/// 6714) in offer and answer (RFC 3264).
package org.fanfare.sdp;
