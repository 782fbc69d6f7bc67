/// MSRP sessions over TCP and TLS: messages, chunks, reports, connections (RFC 4975; 6135, 6714 and
/// the path lists of 4976).
package org.fanfare.msrp;
