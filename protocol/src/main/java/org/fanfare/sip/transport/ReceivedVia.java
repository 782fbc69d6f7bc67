package org.fanfare.sip.transport;

import org.fanfare.sip.HeaderName;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.Via;
import org.fanfare.uri.HostPort;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/// The top Via of a received request: marked with where it came from, and read to send the answer.
public final class ReceivedVia {

    private ReceivedVia() {}

    /// Adds `received` when sent-by is not the source address itself, and fills `rport` when the
    /// client asked for it, then with `received` in any case (RFC 3261 18.2.1, RFC 3581 4). A
    /// `received` or `rport` value that came in the request is overwritten: it would decide where
    /// the answer goes (A2).
    public static SipRequest mark(SipRequest request, InetSocketAddress source) {
        var via = request.topVia();
        var marked = marked(via, source);
        return marked.equals(via) ? request : withTopVia(request, marked);
    }

    private static Via marked(Via via, InetSocketAddress source) {
        var address = Addresses.withoutZone(source.getAddress());
        var clean = via.withParameters(via.parameters().without("received"));
        if (via.wantsRport()) {
            return clean.withReceived(address).withRport(source.getPort());
        }
        return isAddress(via.sentBy(), source.getAddress()) ? clean : clean.withReceived(address);
    }

    private static boolean isAddress(HostPort sentBy, InetAddress source) {
        try {
            return InetAddress.ofLiteral(sentBy.hostWithoutBrackets()).equals(source);
        } catch (IllegalArgumentException _) {
            return false; // a name
        }
    }

    private static SipRequest withTopVia(SipRequest request, Via via) {
        var others = request.headers().values(HeaderName.VIA);
        var builder = request.toBuilder().remove(HeaderName.VIA);
        for (int i = others.size() - 1; i > 0; i--) {
            builder.prepend(HeaderName.VIA, others.get(i));
        }
        return builder.prepend(HeaderName.VIA, via).build();
    }

    /// Where over UDP the answer goes: to the address the request came from, at the port it came
    /// from when the client asked for that, else at the port of sent-by (RFC 3261 18.2.2, RFC 3581
    /// 4).
    ///
    /// Never elsewhere: `maddr` and a false sent-by would let anybody aim our answers at anybody
    /// (A2).
    public static InetSocketAddress answerTo(Via marked, InetSocketAddress source) {
        return marked.wantsRport()
                ? source
                : new InetSocketAddress(source.getAddress(), marked.port());
    }
}
