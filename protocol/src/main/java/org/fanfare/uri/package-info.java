/// SIP, tel and other URIs as they stand in header fields and lists (RFC 3261 19.1, RFC 3966).
package org.fanfare.uri;
