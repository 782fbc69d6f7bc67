/// Status API, health and metrics.
@NullMarked
package org.fanfare.admin;

import org.jspecify.annotations.NullMarked;
