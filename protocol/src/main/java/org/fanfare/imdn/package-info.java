/// Instant message disposition notifications (RFC 5438).
package org.fanfare.imdn;
