package org.fanfare.pf.fanout;

import org.fanfare.sip.transaction.OutgoingRequest;
import org.fanfare.sip.transaction.ResponseListener;
import org.fanfare.sip.transaction.TransactionLayer;
import org.fanfare.sip.transport.Hop;

import java.util.function.Supplier;

/// Where copies leave: the transaction layer.
public interface Outlet {

    /// The hop, with the protocol that a request of this size takes (RFC 3261 18.1.1).
    Hop hopFor(Hop hop, int octets);

    /// Sends a request that is written for that protocol. What becomes of it is told to the
    /// listener, once, perhaps before this returns.
    void send(OutgoingRequest request, Hop hop, ResponseListener listener);

    /// The transaction layer, which may be made after the fan-out.
    static Outlet through(Supplier<TransactionLayer> layer) {
        return new Outlet() {
            @Override
            public Hop hopFor(Hop hop, int octets) {
                return layer.get().hopFor(hop, octets);
            }

            @Override
            public void send(OutgoingRequest request, Hop hop, ResponseListener listener) {
                layer.get().send(request, hop, listener);
            }
        };
    }
}
