package org.fanfare.core;

import org.fanfare.sip.transport.ListenPoint;
import org.fanfare.sip.transport.TlsSettings;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Limits;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/// How the embedded core is set up.
///
/// @param domain the one domain that it serves
/// @param listen where phones register and send
/// @param serviceListen where the Participating Function sends: what arrives there is trusted
/// @param exploderUris what is routed to the Participating Function
/// @param allOriginating whether every CPM message of a phone goes to the Participating Function
///   first, as in a network where it serves the sender, or only those to the EXPLODER-URI
/// @param users who may register and send
/// @param realm of digest authentication
/// @param minExpires shorter registrations are refused with 423
/// @param defaultExpires of a registration that does not say
/// @param maxExpires longer registrations are shortened
/// @param maxUsers how many users may register
/// @param tls for listen points over TLS; null where there are none
public record CoreSettings(
        String domain,
        List<ListenPoint> listen,
        List<ListenPoint> serviceListen,
        Set<Uri> exploderUris,
        boolean allOriginating,
        UserSource users,
        String realm,
        Duration minExpires,
        Duration defaultExpires,
        Duration maxExpires,
        int maxUsers,
        @Nullable TlsSettings tls,
        Limits limits) {

    public CoreSettings {
        listen = List.copyOf(listen);
        serviceListen = List.copyOf(serviceListen);
        exploderUris = Set.copyOf(exploderUris);
    }

    /// A lab on loopback: free ports, everybody is believed.
    public static CoreSettings lab(String domain) {
        return new CoreSettings(
                domain,
                loopback(),
                loopback(),
                Set.of(),
                false,
                new UserSource.Insecure(),
                domain,
                Duration.ofSeconds(60),
                Duration.ofHours(1),
                Duration.ofHours(24),
                200_000,
                null,
                Limits.DEFAULT);
    }

    private static List<ListenPoint> loopback() {
        return List.of(ListenPoint.parse("udp:127.0.0.1:0"), ListenPoint.parse("tcp:127.0.0.1:0"));
    }

    public CoreSettings withListen(List<ListenPoint> points) {
        return new CoreSettings(
                domain,
                points,
                serviceListen,
                exploderUris,
                allOriginating,
                users,
                realm,
                minExpires,
                defaultExpires,
                maxExpires,
                maxUsers,
                tls,
                limits);
    }

    public CoreSettings withServiceListen(List<ListenPoint> points) {
        return new CoreSettings(
                domain,
                listen,
                points,
                exploderUris,
                allOriginating,
                users,
                realm,
                minExpires,
                defaultExpires,
                maxExpires,
                maxUsers,
                tls,
                limits);
    }

    public CoreSettings withExploderUris(Set<Uri> uris) {
        return new CoreSettings(
                domain,
                listen,
                serviceListen,
                uris,
                allOriginating,
                users,
                realm,
                minExpires,
                defaultExpires,
                maxExpires,
                maxUsers,
                tls,
                limits);
    }

    public CoreSettings withAllOriginating(boolean value) {
        return new CoreSettings(
                domain,
                listen,
                serviceListen,
                exploderUris,
                value,
                users,
                realm,
                minExpires,
                defaultExpires,
                maxExpires,
                maxUsers,
                tls,
                limits);
    }

    public CoreSettings withUsers(UserSource source, String ofRealm) {
        return new CoreSettings(
                domain,
                listen,
                serviceListen,
                exploderUris,
                allOriginating,
                source,
                ofRealm,
                minExpires,
                defaultExpires,
                maxExpires,
                maxUsers,
                tls,
                limits);
    }

    public CoreSettings withExpires(Duration min, Duration byDefault, Duration max) {
        return new CoreSettings(
                domain,
                listen,
                serviceListen,
                exploderUris,
                allOriginating,
                users,
                realm,
                min,
                byDefault,
                max,
                maxUsers,
                tls,
                limits);
    }

    public CoreSettings withMaxUsers(int max) {
        return new CoreSettings(
                domain,
                listen,
                serviceListen,
                exploderUris,
                allOriginating,
                users,
                realm,
                minExpires,
                defaultExpires,
                maxExpires,
                max,
                tls,
                limits);
    }

    public CoreSettings withTls(TlsSettings settings) {
        return new CoreSettings(
                domain,
                listen,
                serviceListen,
                exploderUris,
                allOriginating,
                users,
                realm,
                minExpires,
                defaultExpires,
                maxExpires,
                maxUsers,
                settings,
                limits);
    }

    public CoreSettings withLimits(Limits wanted) {
        return new CoreSettings(
                domain,
                listen,
                serviceListen,
                exploderUris,
                allOriginating,
                users,
                realm,
                minExpires,
                defaultExpires,
                maxExpires,
                maxUsers,
                tls,
                wanted);
    }

    /// Whether a Request-URI is the 1-to-Many address (def/EXPLODER-URI.pf); compared as SIP URIs
    /// are.
    boolean isExploder(Uri uri) {
        return exploderUris.stream()
                .anyMatch(exploder -> exploder.canonical().equals(uri.canonical()));
    }
}
