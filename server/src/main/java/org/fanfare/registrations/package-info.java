/// Which devices the users have registered, as the SIP/IP core tells us.
@NullMarked
package org.fanfare.registrations;

import org.jspecify.annotations.NullMarked;
