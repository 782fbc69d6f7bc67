/// A mail server of somebody else, run for a while as one's own.
@NullMarked
package org.fanfare.cli.mailstore;

import org.jspecify.annotations.NullMarked;
