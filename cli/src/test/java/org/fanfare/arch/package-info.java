/// Which package may use which.
@NullMarked
package org.fanfare.arch;

import org.jspecify.annotations.NullMarked;
