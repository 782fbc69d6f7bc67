/// The command line: `fanfare` and its subcommands.
@NullMarked
package org.fanfare.cli;

import org.jspecify.annotations.NullMarked;
