/// SIP messages and header fields: values, parser and writer (RFC 3261).
package org.fanfare.sip;
