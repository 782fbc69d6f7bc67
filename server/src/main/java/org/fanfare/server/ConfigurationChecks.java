package org.fanfare.server;

import org.fanfare.interworking.SmscSettings;
import org.fanfare.server.Configuration.ClientAuthentication;
import org.fanfare.server.Configuration.UserSource;
import org.fanfare.server.Configuration.Users;
import org.fanfare.sip.transport.ListenPoint;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.xdm.XcapSettings;
import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/// What only shows when settings are seen together, and values that their type alone does not
/// exclude (reliability C4).
final class ConfigurationChecks {

    private static final Pattern HOST =
            Pattern.compile(
                    "(?i)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\\.?");
    private static final Pattern IPV6 = Pattern.compile("\\[[0-9A-Fa-f:.]+]");
    private static final Pattern RELEASE = Pattern.compile("(?i)OMA[0-9]+(\\.[0-9]+)*");

    /// An answer to a MESSAGE must be out before the sender's transaction ends (RFC 3261 17.1.2.2).
    private static final Duration LONGEST_COLLECTING = Duration.ofSeconds(31);

    private static final Duration SHORTEST_SESSION = Duration.ofSeconds(90); // RFC 4028 5
    private static final Duration LONGEST_SESSION = Duration.ofSeconds(1799); // reading 12

    private final Configuration configuration;
    private final Node.Mapping effective;

    private ConfigurationChecks(Configuration configuration, Node.Mapping effective) {
        this.configuration = configuration;
        this.effective = effective;
    }

    static void check(Configuration configuration, Node.Mapping effective) {
        var checks = new ConfigurationChecks(configuration, effective);
        checks.names();
        checks.listenPoints();
        checks.tls();
        checks.users("users", configuration.users());
        checks.users("core.users", configuration.core().users());
        checks.policy();
        checks.interworking();
        checks.edges();
    }

    private void names() {
        checkHost("host", configuration.host());
        checkHost("core.domain", configuration.core().domain());
        checkNotEmpty("exploder-uris", configuration.exploderUris());
    }

    private void checkHost(String key, String host) {
        demand(
                HOST.matcher(host).matches() || IPV6.matcher(host).matches(),
                key,
                "expected a host name or an address, found " + host);
    }

    private void listenPoints() {
        checkNotEmpty("listen.sip", configuration.listen().sip());
        checkNotTwice("listen.sip", configuration.listen().sip());
        checkNotTwice("listen.msrp", configuration.listen().msrp());
        for (var point : configuration.listen().msrp()) {
            demand(
                    point.protocol() != TransportProtocol.UDP,
                    "listen.msrp",
                    "MSRP runs over tcp: or tls:, found " + point);
        }
        if (configuration.nextHop().isEmpty()) {
            var both = new java.util.ArrayList<>(configuration.listen().sip());
            both.addAll(configuration.core().listen());
            checkNotEmpty("core.listen", configuration.core().listen());
            checkNotTwice("core.listen", both);
        }
    }

    private void checkNotTwice(String key, List<ListenPoint> points) {
        var seen = new HashSet<ListenPoint>();
        for (var point : points) {
            demand(
                    point.address().getPort() == 0 || seen.add(point),
                    key,
                    point + " is listened at twice");
        }
    }

    private void tls() {
        var tls = configuration.tls();
        checkPair("tls.certificate", tls.certificate(), "tls.key", tls.key());
        checkPair("tls.key", tls.key(), "tls.certificate", tls.certificate());
        checkReadable("tls.certificate", tls.certificate());
        checkReadable("tls.key", tls.key());
        checkReadable("tls.trust", tls.trust());
        if (tls.clientAuthentication() != ClientAuthentication.NONE) {
            checkPair(
                    "tls.client-authentication",
                    tls.clientAuthentication(),
                    "tls.trust",
                    tls.trust());
        }
        for (var point : configuration.listen().sip()) {
            if (point.protocol() == TransportProtocol.TLS) {
                checkPair("listen.sip", point, "tls.certificate", tls.certificate());
            }
        }
    }

    private void users(String section, Users users) {
        if (users.source() == UserSource.FILE) {
            checkPair(section + ".source", users.source(), section + ".file", users.file());
            checkReadable(section + ".file", users.file());
        } else {
            demand(
                    users.file() == null,
                    section + ".file",
                    "is set, but nobody reads it: set %s.source to file".formatted(section),
                    section + ".source");
        }
    }

    private void policy() {
        var policy = configuration.policy();
        var minimum = policy.userAgent().minimum();
        demand(
                minimum == null || RELEASE.matcher(minimum).matches(),
                "policy.user-agent.minimum",
                "expected a release such as OMA2.0, found " + minimum);
        demand(
                policy.collectingTime().compareTo(LONGEST_COLLECTING) <= 0,
                "policy.collecting-time",
                "must be at most 31s: a sender waits no longer than 32 s for his answer");
        demand(
                policy.sessionInterval().compareTo(SHORTEST_SESSION) >= 0
                        && policy.sessionInterval().compareTo(LONGEST_SESSION) <= 0,
                "policy.session-interval",
                "must be from 90s to 1799s");
    }

    private void interworking() {
        for (int status : configuration.interworking().on()) {
            demand(
                    status >= 300 && status <= 699,
                    "interworking.on",
                    "expected final answers from 300 to 699, found " + status);
        }
        var smpp = configuration.interworking().smpp();
        var smsc = smpp.smsc();
        if (smsc != null) {
            demand(
                    Set.of("smpp", "smpps").contains(smsc.getScheme()),
                    "interworking.smpp.smsc",
                    "expected smpp:// or smpps://, found " + smsc);
            demand(
                    configuration.interworking().isf() == null,
                    "interworking.smpp.smsc",
                    "is set, and interworking.isf as well: there is one interworking function",
                    "interworking.isf");
        }
        checkReadable("interworking.smpp.password-file", smpp.passwordFile());
        demand(
                smpp.systemId().length() <= SmscSettings.LONGEST_SYSTEM_ID,
                "interworking.smpp.system-id",
                "must have at most 15 characters");
        demand(
                smpp.systemType().length() <= SmscSettings.LONGEST_SYSTEM_TYPE,
                "interworking.smpp.system-type",
                "must have at most 12 characters");
        var source = smpp.source();
        demand(
                source == null || SmscSettings.isSource(source),
                "interworking.smpp.source",
                "expected a number or up to 11 characters, found " + source);
        checkRange("interworking.smpp.throughput", smpp.throughput(), 1, 10_000);
        checkRange("interworking.smpp.window", smpp.window(), 1, 1_000);
        checkRange("interworking.smpp.parts", smpp.parts(), 1, SmscSettings.MOST_PARTS);
        demand(
                smpp.response().compareTo(SmscSettings.LONGEST_RESPONSE) <= 0,
                "interworking.smpp.response",
                "must be at most 15s: a leg waits no longer than 32 s for its answer");
    }

    private void checkRange(String key, int value, int least, int most) {
        demand(
                value >= least && value <= most,
                key,
                "must be from %d to %d, is %d".formatted(least, most, value));
    }

    private void edges() {
        checkReadable("admin.token-file", configuration.admin().tokenFile());
        var imap = configuration.store().imap();
        demand(
                imap == null || Set.of("imap", "imaps").contains(imap.getScheme()),
                "store.imap",
                "expected imap:// or imaps://, found " + imap);
        checkPair("store.imap", imap, "store.secret-file", configuration.store().secretFile());
        demand(
                imap == null || imap.getHost() != null,
                "store.imap",
                "expected imap://HOST:PORT, found " + imap);
        checkReadable("store.secret-file", configuration.store().secretFile());
        demand(
                configuration.store().user().contains("{user}"),
                "store.user",
                "expected {user} in it, found " + configuration.store().user());
        var xcap = configuration.xdm().root();
        demand(
                xcap == null || Set.of("http", "https").contains(xcap.getScheme()),
                "xdm.root",
                "expected http:// or https://, found " + xcap);
        var document = configuration.xdm().document();
        demand(
                document.contains(XcapSettings.USER) && document.matches("[-._~A-Za-z0-9{}/]+"),
                "xdm.document",
                "expected a path with " + XcapSettings.USER + " in it, found " + document);
        var folder = configuration.core().xcap().folder();
        demand(
                folder == null || Files.isDirectory(folder),
                "core.xcap.folder",
                "there is no folder " + folder);
        var url = configuration.ledger().url();
        demand(
                (url.startsWith("file:") && url.length() > "file:".length())
                        || url.startsWith("jdbc:postgresql:")
                        || url.equals("memory:"),
                "ledger.url",
                "expected file:DIRECTORY or jdbc:postgresql://HOST/DATABASE, found " + url);
    }

    private void checkPair(
            String key, @Nullable Object value, String otherKey, @Nullable Object other) {
        demand(
                value == null || other != null,
                key,
                "is set, but %s, which belongs to it, is not".formatted(otherKey),
                otherKey);
    }

    private void checkReadable(String key, @Nullable Path file) {
        demand(
                file == null || (Files.isRegularFile(file) && Files.isReadable(file)),
                key,
                "there is no readable file " + file);
    }

    private void checkNotEmpty(String key, List<?> list) {
        demand(!list.isEmpty(), key, "must name at least one");
    }

    private void demand(boolean holds, String key, String otherwise) {
        demand(holds, key, otherwise, key);
    }

    private void demand(boolean holds, String key, String otherwise, String nearest) {
        if (!holds) {
            throw new ConfigurationException(placeOf(key), key, otherwise, nearest);
        }
    }

    private Place placeOf(String key) {
        Node node = effective;
        for (var name : key.split("\\.", -1)) {
            node = Objects.requireNonNull(((Node.Mapping) node).values().get(name));
        }
        return node.place();
    }
}
