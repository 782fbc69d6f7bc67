/// Which recipients are reached another way, and how.
@NullMarked
package org.fanfare.interworking;

import org.jspecify.annotations.NullMarked;
