/// MIME entities and multipart bodies (RFC 2045, RFC 2046).
package org.fanfare.mime;
