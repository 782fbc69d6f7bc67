/// Which contacts a user has registered, as the event package `reg` tells it (RFC 3680, RFC 5628).
package org.fanfare.reginfo;
