package org.fanfare.core;

import org.fanfare.sip.SipRequest;
import org.fanfare.sip.transaction.ClientTransaction;
import org.fanfare.sip.transaction.ResponseListener;
import org.fanfare.sip.transaction.TransactionLayer;
import org.fanfare.sip.transport.Flow;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.TransportProtocol;

import java.io.IOException;

/// How the core reaches somebody: to an address, or back over what he registered on.
sealed interface Way {

    TransactionLayer layer();

    TransportProtocol protocol();

    /// Starts a client transaction.
    ///
    /// @param branch for our Via
    ClientTransaction send(SipRequest request, String branch, ResponseListener listener);

    /// An ACK for a 2xx, which no transaction waits for.
    void sendAck(SipRequest ack) throws IOException;

    /// To an address; by TCP what is too large for UDP.
    record ToHop(TransactionLayer layer, Hop hop) implements Way {

        @Override
        public TransportProtocol protocol() {
            return hop.protocol();
        }

        @Override
        public ClientTransaction send(
                SipRequest request, String branch, ResponseListener listener) {
            return layer.send(request, branch, hop, listener);
        }

        @Override
        public void sendAck(SipRequest ack) throws IOException {
            layer.sendAck(ack, hop);
        }
    }

    /// Over a flow that is open.
    record OverFlow(TransactionLayer layer, Flow flow) implements Way {

        @Override
        public TransportProtocol protocol() {
            return flow.protocol();
        }

        @Override
        public ClientTransaction send(
                SipRequest request, String branch, ResponseListener listener) {
            return layer.send(request, branch, flow, listener);
        }

        @Override
        public void sendAck(SipRequest ack) throws IOException {
            layer.sendAck(ack, flow);
        }
    }
}
