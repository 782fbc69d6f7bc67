package org.fanfare.cli.conformance;

import org.fanfare.sip.SipRequest;
import org.fanfare.sip.transaction.ClientTransaction;
import org.fanfare.sip.transaction.TransactionLayer;
import org.fanfare.sip.transaction.TransactionUser;
import org.fanfare.sip.transaction.WheelTimers;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.ListenPoint;
import org.fanfare.sip.transport.TransportLayer;
import org.fanfare.uri.HostPort;

import java.io.IOException;

/// One address of ours, over UDP and TCP: the core, or the interworking function.
final class Element implements AutoCloseable {

    private final TransactionLayer layer;
    private final Hop target;

    private Element(TransactionLayer layer, Hop target) {
        this.layer = layer;
        this.target = target;
    }

    /// @throws IOException when the address cannot be had
    static Element open(HostPort at, Hop target, TransactionUser user, WheelTimers timers)
            throws IOException {
        var transport = TransportLayer.builder().host(at.host()).trusted(_ -> true);
        for (var protocol : new String[] {"udp:", "tcp:"}) {
            transport.listen(ListenPoint.parse(protocol + at));
        }
        var settings = TransactionLayer.Settings.DEFAULT.withoutMergeDetection();
        var layer = new TransactionLayer(transport, user, timers, settings);
        layer.start();
        return new Element(layer, target);
    }

    /// To the target, over TCP when it is large.
    ClientTransaction send(SipRequest request, Exchange listener) {
        return layer.send(request, target, listener);
    }

    void acknowledge(SipRequest ack) {
        layer.acknowledge(ack, target);
    }

    /// With the real port.
    HostPort address() {
        var point = layer.listening().getFirst().address();
        return new HostPort(point.getAddress().getHostAddress(), point.getPort());
    }

    @Override
    public void close() {
        layer.close();
    }
}
