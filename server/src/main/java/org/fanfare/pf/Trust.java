package org.fanfare.pf;

import org.fanfare.cpm.CpmWarning;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.transport.Flow;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.Parameters;
import org.fanfare.uri.SipUri;
import org.fanfare.uri.TelUri;
import org.fanfare.uri.Uri;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Whose word counts about who sends (RFC 3325, RFC 3324): P-Asserted headers mean something only
/// from a neighbour inside the trust domain; anybody else must show that he is the user.
///
/// @param peers the neighbours
/// @param users how anybody else shows who he is
public record Trust(List<TrustedPeer> peers, Authentication users) {

    public static final Trust NOBODY = new Trust(List.of(), new Authentication.None());

    public Trust {
        peers = List.copyOf(peers);
    }

    /// Whether what comes over this flow is from inside the trust domain.
    public boolean includes(Flow flow) {
        return includes(Peer.of(flow));
    }

    boolean includes(Peer peer) {
        return peers.stream().anyMatch(trusted -> trusted.matches(peer));
    }

    /// The authenticated originator.
    ///
    /// @throws Refusal 403 and 127 when there is none (reading 69), 401 when the user may show it
    Originator originator(SipRequest request, Peer peer) throws Refusal {
        return includes(peer) ? asserted(request) : users.authenticate(request);
    }

    /// The first identity of each kind; further ones are ignored (RFC 5876 4.5).
    private static Originator asserted(SipRequest request) throws Refusal {
        var identities =
                request.assertedIdentities().stream()
                        .map(identity -> identity.withParameters(Parameters.NONE))
                        .toList();
        var chosen =
                Stream.of(
                                first(identities, SipUri.class::isInstance),
                                first(identities, TelUri.class::isInstance))
                        .flatMap(Optional::stream)
                        .toList();
        if (chosen.isEmpty()) {
            throw new Refusal(403, CpmWarning.SERVICE_NOT_AUTHORISED);
        }
        return new Originator(chosen);
    }

    private static Optional<NameAddress> first(List<NameAddress> identities, Predicate<Uri> kind) {
        return identities.stream().filter(identity -> kind.test(identity.uri())).findFirst();
    }
}
