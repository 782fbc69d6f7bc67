/// Resource lists with copy control: the recipients of a message (RFC 4826, RFC 5364, RFC 5365).
package org.fanfare.resourcelists;
