/// Configuration, wiring and start of the server; the only package that knows all the others.
@NullMarked
package org.fanfare.server;

import org.jspecify.annotations.NullMarked;
