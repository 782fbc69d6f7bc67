/// The CPM Participating Function: one class per procedure.
@NullMarked
package org.fanfare.pf;

import org.jspecify.annotations.NullMarked;
