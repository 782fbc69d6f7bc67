/// The legs of a message that goes to many.
@NullMarked
package org.fanfare.pf.fanout;

import org.jspecify.annotations.NullMarked;
