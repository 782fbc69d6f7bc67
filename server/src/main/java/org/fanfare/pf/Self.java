package org.fanfare.pf;

import org.fanfare.cpim.CpimAddress;
import org.fanfare.uri.HostPort;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.SipUri;
import org.fanfare.uri.Uri;

import java.util.List;
import java.util.Set;

/// The names by which this Participating Function goes.
///
/// @param host in Warning header fields
/// @param exploderUris the addresses for 1-to-Many messaging, all alike (reading 83)
/// @param addresses hosts and ports that mean us in a Route header field
public record Self(String host, List<Uri> exploderUris, Set<HostPort> addresses) {

    public Self {
        if (exploderUris.isEmpty()) {
            throw new IllegalArgumentException("exploder-uris: expected at least one");
        }
        exploderUris = List.copyOf(exploderUris);
        addresses = Set.copyOf(addresses);
    }

    /// Compared as URIs, not as text (def/EXPLODER-URI.pf, reading 82); a transport in it, which
    /// the rules of comparison would mind, says only how the request came here.
    boolean isExploderUri(Uri uri) {
        return exploderUris.stream()
                .anyMatch(ours -> ours.matches(uri) || ours.canonical().equals(uri.canonical()));
    }

    /// Whether a value of Route names us.
    boolean isUs(NameAddress route) {
        return route.uri() instanceof SipUri uri
                && addresses.stream()
                        .anyMatch(a ->
                                a.sameHost(uri.hostPort())
                                        && a.portOr(5060) == uri.hostPort().portOr(5060));
    }

    /// Where reports about a message come from: the EXPLODER-URI that its sender knows.
    Uri reporter(List<CpimAddress> to) {
        return exploderUris.stream()
                .filter(ours ->
                        to.stream().anyMatch(a -> a.uri().canonical().equals(ours.canonical())))
                .findFirst()
                .orElse(exploderUris.getFirst());
    }
}
