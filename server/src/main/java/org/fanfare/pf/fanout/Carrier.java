package org.fanfare.pf.fanout;

import org.fanfare.sip.transport.Hop;

/// Takes one leg to its next hop. What becomes of it is told to the leg, once, perhaps before this
/// returns.
interface Carrier {

    void carry(Leg leg, Hop hop, Way way);
}
