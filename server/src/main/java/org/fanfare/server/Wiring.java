package org.fanfare.server;

import org.fanfare.admin.Access;
import org.fanfare.core.CoreSettings;
import org.fanfare.core.UserSource;
import org.fanfare.cpm.CpmHeader;
import org.fanfare.cpm.ReleaseVersion;
import org.fanfare.interworking.InterworkingSelection;
import org.fanfare.interworking.SmscSettings;
import org.fanfare.msrp.MsrpEndpoint;
import org.fanfare.msrp.MsrpLimits;
import org.fanfare.pf.Authentication;
import org.fanfare.pf.LargeMode;
import org.fanfare.pf.Recorder;
import org.fanfare.pf.Self;
import org.fanfare.pf.Trust;
import org.fanfare.pf.fanout.FanOut;
import org.fanfare.pf.fanout.FanOutSettings;
import org.fanfare.pf.fanout.Outlet;
import org.fanfare.pf.fanout.RetryRules;
import org.fanfare.pf.fanout.SessionCarrier;
import org.fanfare.registrations.SubscriptionSettings;
import org.fanfare.server.Configuration.Core;
import org.fanfare.server.Configuration.Users;
import org.fanfare.sip.HeaderField;
import org.fanfare.sip.dialog.DialogLayer;
import org.fanfare.sip.dialog.DialogSettings;
import org.fanfare.sip.dialog.SessionTimer;
import org.fanfare.sip.digest.CredentialsSource;
import org.fanfare.sip.digest.DigestServer;
import org.fanfare.sip.transaction.OutgoingRequest;
import org.fanfare.sip.transaction.ResponseListener;
import org.fanfare.sip.transaction.Timers;
import org.fanfare.sip.transaction.TransactionLayer;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.ListenPoint;
import org.fanfare.sip.transport.TlsSettings;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.spool.SpoolLimits;
import org.fanfare.spool.SpoolStore;
import org.fanfare.store.ImapSettings;
import org.fanfare.store.MailboxNames;
import org.fanfare.uri.HostPort;
import org.fanfare.uri.Parameters;
import org.fanfare.uri.SipUri;
import org.fanfare.xdm.XcapSettings;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

import javax.net.ssl.SSLContext;

/// The configuration in the words of each part.
final class Wiring {

    private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);

    private static final int SHORTEST_TOKEN = 16;

    /// The first recipient must have answered by then (reading 3).
    private static final Duration FIRST_ANSWER = Duration.ofSeconds(60);

    /// The sender of a chunk waits 30 s for its response (reading 3).
    private static final Duration HOLD = Duration.ofSeconds(25);

    /// A recipient that wants to connect to us has an answer to give first.
    private static final Duration BIND_WITHIN = Duration.ofSeconds(30);

    /// A leg counts as long as it lasts; its own guards end it long before this.
    private static final Duration LONGEST_SESSION = Duration.ofHours(1);

    private static final int SMPP_PORT = 2775;
    private static final int SMPPS_PORT = 3550;

    private Wiring() {}

    static Self self(Configuration configuration, List<ListenPoint> listening) {
        var addresses = new HashSet<HostPort>();
        for (var point : listening) {
            var port = point.address().getPort();
            addresses.add(new HostPort(configuration.host(), port));
            addresses.add(new HostPort(literal(point.address().getAddress()), port));
        }
        return new Self(configuration.host(), List.copyOf(configuration.exploderUris()), addresses);
    }

    private static String literal(InetAddress address) {
        var text = address.getHostAddress();
        return text.indexOf(':') < 0 ? text : "[" + text + "]";
    }

    static FanOutSettings fanOutSettings(
            Configuration configuration,
            Hop toUsers,
            HostPort sentBy,
            Optional<InterworkingSelection.Isf> ours) {
        var limits = configuration.limits().server();
        var retries =
                new RetryRules(
                        limits.legRetries(),
                        RetryRules.DEFAULT.first(),
                        RetryRules.DEFAULT.longest());
        return FanOutSettings.defaults(toUsers, sentBy.toString())
                .withInterworking(PolicySettings.interworking(configuration.interworking(), ours))
                .withParallelLegs(configuration.policy().parallelLegs())
                .withMostOpen(limits.openLegs())
                .withMostWaitingAtRecipient(limits.waitingPerRecipient())
                .withRetries(retries);
    }

    /// How the SMSC is reached; empty where there is no interworking function of ours.
    static Optional<SmscSettings> smsc(Configuration configuration) throws StartFailure {
        var smpp = configuration.interworking().smpp();
        var smsc = smpp.smsc();
        if (smsc == null) {
            return Optional.empty();
        }
        boolean secure = smsc.getScheme().equals("smpps");
        int port = smsc.getPort() >= 0 ? smsc.getPort() : secure ? SMPPS_PORT : SMPP_PORT;
        return Optional.of(
                new SmscSettings(
                        smsc.getHost(),
                        port,
                        secure ? clientTls(configuration) : null,
                        new SmscSettings.Account(
                                smpp.systemId(), password(smpp.passwordFile()), smpp.systemType()),
                        smpp.source(),
                        new SmscSettings.Capacity(
                                smpp.throughput(),
                                smpp.window(),
                                smpp.parts(),
                                smpp.longTexts() == Configuration.LongTexts.PAYLOAD),
                        smpp.response(),
                        smpp.enquireLink()));
    }

    private static String password(@Nullable Path file) throws StartFailure {
        if (file == null) {
            return "";
        }
        var key = "interworking.smpp.password-file";
        try {
            var password = Files.readString(file).strip();
            if (password.length() > SmscSettings.LONGEST_PASSWORD) {
                throw new IOException(file + ": SMPP allows at most 8 characters");
            }
            return password;
        } catch (IOException e) {
            throw new StartFailure(key, "read the password", e);
        }
    }

    /// Ours where we have a certificate, else with the trust that is configured, or that of the
    /// JDK.
    private static SSLContext clientTls(Configuration configuration) throws StartFailure {
        var ours = TlsFiles.settings(configuration.tls());
        var trust = configuration.tls().trust();
        try {
            return ours.isPresent()
                    ? ours.get().context()
                    : (trust == null ? TlsSettings.ofClient() : TlsSettings.ofClient(trust))
                            .context();
        } catch (IOException e) {
            throw new StartFailure("tls.trust", "use this file", e);
        }
    }

    /// How this node is called in the ledger.
    static String node(Configuration configuration) {
        var name = configuration.ledger().node();
        return name == null ? configuration.host() : name;
    }

    /// Beside a ledger of ours, of one on a database in a folder of its own; empty where nothing is
    /// kept.
    static Optional<Path> spoolDirectory(Configuration configuration) {
        var wanted = configuration.spool().directory();
        if (wanted != null) {
            return Optional.of(wanted);
        }
        var url = configuration.ledger().url();
        if (url.startsWith("file:")) {
            return Optional.of(Path.of(url.substring("file:".length()), "spool"));
        }
        return url.startsWith("memory:") ? Optional.empty() : Optional.of(Path.of("data", "spool"));
    }

    static SpoolLimits spoolLimits(Configuration configuration) {
        return SpoolLimits.DEFAULT
                .withOfMessage(configuration.policy().maxMessageSize())
                .withInAll(configuration.spool().quota());
    }

    static MsrpLimits msrpLimits(Configuration configuration) {
        var limits = MsrpLimits.DEFAULT;
        return limits.withMessageOctets(configuration.policy().maxMessageSize())
                .withSending(configuration.policy().msrpChunk(), limits.unacknowledgedOctets());
    }

    static DialogSettings dialogSettings(Configuration configuration) {
        var product = ReleaseVersion.OMA_2_2.serverProduct();
        return DialogSettings.DEFAULT
                .withInterval(configuration.policy().sessionInterval(), SessionTimer.LEAST)
                .withFields(
                        List.of(new HeaderField(CpmHeader.USER_AGENT, product)),
                        List.of(new HeaderField(CpmHeader.SERVER, product)));
    }

    static LargeMode largeMode(
            Configuration configuration,
            DialogLayer dialogs,
            MsrpEndpoint media,
            SpoolStore spools,
            FanOutSettings pager,
            SipUri contact,
            Timers timers) {
        var legs =
                new FanOut(
                        pager.withMostOpen(configuration.limits().server().openSessions())
                                .withPatience(LONGEST_SESSION),
                        NO_REQUESTS,
                        timers,
                        new SecureRandom());
        return new LargeMode(
                sessions(configuration, dialogs, media, timers),
                spools,
                legs,
                pager.core(),
                contact.toString(),
                configuration.policy().sessionInterval(),
                configuration.policy().maxMessageSize(),
                FIRST_ANSWER,
                HOLD);
    }

    private static SessionCarrier.Sessions sessions(
            Configuration configuration, DialogLayer dialogs, MsrpEndpoint media, Timers timers) {
        return new SessionCarrier.Sessions(
                dialogs,
                media,
                timers,
                configuration.wireLimits(),
                BIND_WITHIN,
                configuration.limits().server().recipientOctets(),
                configuration.limits().server().senderOctets(),
                SessionCarrier.Sessions.WATCH);
    }

    /// Legs of large messages are sessions.
    private static final Outlet NO_REQUESTS =
            new Outlet() {
                @Override
                public Hop hopFor(Hop hop, int octets) {
                    return hop;
                }

                @Override
                public void send(OutgoingRequest request, Hop hop, ResponseListener listener) {
                    throw new IllegalStateException("a large message has no plain requests");
                }
            };

    /// What Via says of copies: our name, and the port that they leave from.
    static HostPort sentBy(Configuration configuration, TransactionLayer layer, Hop toUsers) {
        if (toUsers.protocol() == TransportProtocol.UDP) {
            try {
                return layer.sentBy(layer.transport().flowTo(toUsers));
            } catch (IOException e) {
                LOG.warn("event=next-hop-unknown hop={} reason={}", toUsers, e.getMessage());
            }
        }
        var port = pointBeside(toUsers, layer).address().getPort();
        return new HostPort(configuration.host(), port);
    }

    private static ListenPoint pointBeside(Hop toUsers, TransactionLayer layer) {
        var points = layer.listening();
        return points.stream()
                .filter(p -> p.protocol() == toUsers.protocol())
                .findFirst()
                .orElseGet(points::getFirst);
    }

    /// Where requests within our dialogs are to come. Without a transport it would be UDP (RFC 3263
    /// 4.1).
    static SipUri contact(Configuration configuration, TransactionLayer layer, Hop toUsers) {
        var uri = SipUri.of(sentBy(configuration, layer, toUsers));
        var protocol = pointBeside(toUsers, layer).protocol();
        return protocol == TransportProtocol.UDP
                ? uri
                : uri.withParameters(Parameters.NONE.with("transport", protocol.parameter()));
    }

    /// How the core is asked for registrations; null where it is not.
    static @Nullable SubscriptionSettings subscriptions(
            Configuration configuration, TransactionLayer layer, Hop toUsers) {
        if (!configuration.registrations().subscribe()) {
            return null;
        }
        return new SubscriptionSettings(
                (request, listener) -> layer.send(request, toUsers, listener),
                configuration.exploderUris().getFirst(),
                contact(configuration, layer, toUsers),
                layer.timers());
    }

    static Trust trust(Configuration configuration) throws StartFailure {
        return new Trust(configuration.trust(), authentication(configuration));
    }

    private static Authentication authentication(Configuration configuration) throws StartFailure {
        var users = configuration.users();
        return switch (users.source()) {
            case NONE -> new Authentication.None();
            case INSECURE -> {
                LOG.warn(
                        "event=insecure-users key=users.source"
                                + " reason=\"whoever sends is believed to be who From says\"");
                yield new Authentication.Insecure();
            }
            case FILE ->
                    new Authentication.Digest(
                            new DigestServer(
                                    DigestServer.Settings.of(
                                            DigestServer.Challenger.SERVER,
                                            realm(users, configuration)),
                                    credentials("users.file", users.file())),
                            HostPort.parse(configuration.core().domain()));
        };
    }

    /// Without a token whoever can connect may see who writes to whom.
    static Access access(Configuration configuration) throws StartFailure {
        var file = configuration.admin().tokenFile();
        var address = configuration.listen().admin();
        if (file == null) {
            if (address != null && !address.getAddress().isLoopbackAddress()) {
                LOG.warn(
                        "event=open-admin key=admin.token-file address={}"
                                + " reason=\"whoever can connect sees who writes to whom\"",
                        address);
            }
            return Access.open();
        }
        try {
            var token = Files.readString(file).strip();
            if (token.length() < SHORTEST_TOKEN) {
                throw new IOException(
                        file + ": expected at least " + SHORTEST_TOKEN + " characters");
            }
            return Access.byToken(token);
        } catch (IOException e) {
            throw new StartFailure("admin.token-file", "read the token", e);
        }
    }

    /// The message store, if there is one.
    static Optional<ImapSettings> store(Configuration configuration) throws StartFailure {
        var store = configuration.store();
        var server = store.imap();
        if (server == null) {
            return Optional.empty();
        }
        try {
            var secret = Files.readString(Objects.requireNonNull(store.secretFile())).strip();
            var users = new MailboxNames(store.user(), configuration.core().domain());
            return Optional.of(
                    ImapSettings.of(server, users, secret)
                            .withMaster(store.master())
                            .withRoot(store.root())
                            .withTimeout(store.timeout())
                            .withConnections(store.connections())
                            .withTrust(configuration.tls().trust()));
        } catch (IOException e) {
            throw new StartFailure("store.secret-file", "read the password", e);
        }
    }

    static Recorder.Settings recording(Configuration configuration) {
        var store = configuration.store();
        return new Recorder.Settings(store.timeout(), store.tryAgain(), store.giveUp());
    }

    private static String realm(Users users, Configuration configuration) {
        return Objects.requireNonNullElse(users.realm(), configuration.core().domain());
    }

    private static CredentialsSource credentials(String key, @Nullable Path file)
            throws StartFailure {
        try {
            return UserFile.read(Objects.requireNonNull(file));
        } catch (IOException e) {
            throw new StartFailure(key, "read the users", e);
        }
    }

    static CoreSettings coreSettings(Configuration configuration) throws StartFailure {
        var core = configuration.core();
        var settings = coreSettings(configuration, core);
        return TlsFiles.settings(configuration.tls()).map(settings::withTls).orElse(settings);
    }

    private static CoreSettings coreSettings(Configuration configuration, Core core)
            throws StartFailure {
        return CoreSettings.lab(core.domain())
                .withListen(core.listen())
                .withExploderUris(Set.copyOf(configuration.exploderUris()))
                .withUsers(userSource(core.users()), realm(core.users(), configuration))
                .withExpires(core.minExpires(), core.defaultExpires(), core.maxExpires())
                .withMaxUsers(core.maxUsers())
                .withLimits(configuration.wireLimits());
    }

    static XcapSettings xcapSettings(Configuration configuration, URI root) {
        var xdm = configuration.xdm();
        return XcapSettings.of(root, xdm.document(), xdm.cache());
    }

    /// Beside the ledger, where that is a directory.
    static Optional<Path> bindingsFile(Configuration configuration) {
        var url = configuration.ledger().url();
        return url.startsWith("file:")
                ? Optional.of(Path.of(url.substring("file:".length()), "bindings"))
                : Optional.empty();
    }

    private static UserSource userSource(Users users) throws StartFailure {
        return switch (users.source()) {
            case NONE -> new UserSource.None();
            case INSECURE -> {
                LOG.warn(
                        "event=insecure-users key=core.users.source"
                                + " reason=\"whoever registers or sends is believed\"");
                yield new UserSource.Insecure();
            }
            case FILE -> new UserSource.Digest(credentials("core.users.file", users.file()));
        };
    }

    /// How the embedded core reaches us, at an address that can be sent to: over TCP where we have
    /// it, because lists are long.
    static Hop hopTo(List<ListenPoint> points) {
        var point =
                points.stream()
                        .filter(p -> p.protocol() == TransportProtocol.TCP)
                        .findFirst()
                        .orElseGet(points::getFirst);
        return new Hop(point.protocol(), reachable(point.address()), Hop.Size.ANY);
    }

    private static InetSocketAddress reachable(InetSocketAddress address) {
        return address.getAddress().isAnyLocalAddress()
                ? new InetSocketAddress(InetAddress.getLoopbackAddress(), address.getPort())
                : address;
    }
}
