/// Judges octets in files, without a server: is this valid, and if not, what is wrong where.
@NullMarked
package org.fanfare.cli.lint;

import org.jspecify.annotations.NullMarked;
