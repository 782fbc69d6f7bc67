/// Figures: the load, the recipients that answer it, and the machine's own floor, each in a process
/// of its own.
@NullMarked
package org.fanfare.cli.bench;

import org.jspecify.annotations.NullMarked;
