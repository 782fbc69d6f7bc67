/// Contents of large messages on their way from one sender to many recipients
/// (docs/decisions/0007).
@NullMarked
package org.fanfare.spool;

import org.jspecify.annotations.NullMarked;
