/// Checks that code and tests keep up with the table of clauses, and reports on it.
@NullMarked
package org.fanfare.trace;

import org.jspecify.annotations.NullMarked;
