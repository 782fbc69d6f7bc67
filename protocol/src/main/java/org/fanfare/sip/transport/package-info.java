/// SIP over UDP, TCP and TLS (RFC 3261 18).
package org.fanfare.sip.transport;
