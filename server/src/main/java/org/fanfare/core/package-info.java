/// The embedded lab core: registrar and proxy for one domain.
@NullMarked
package org.fanfare.core;

import org.jspecify.annotations.NullMarked;
