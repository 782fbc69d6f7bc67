package org.fanfare.server;

import org.fanfare.admin.AdminServer;
import org.fanfare.admin.Health;
import org.fanfare.admin.Metrics;
import org.fanfare.admin.XcapFolder;
import org.fanfare.core.EmbeddedCore;
import org.fanfare.interworking.InterworkingFunction;
import org.fanfare.ledger.Ledger;
import org.fanfare.ledger.LedgerRefused;
import org.fanfare.ledger.LedgerSettings;
import org.fanfare.ledger.Ledgers;
import org.fanfare.msrp.MsrpEndpoint;
import org.fanfare.pf.LargeMode;
import org.fanfare.pf.MessageStore;
import org.fanfare.pf.ParticipatingFunction;
import org.fanfare.pf.Trust;
import org.fanfare.pf.fanout.FanOutSettings;
import org.fanfare.pf.fanout.Outlet;
import org.fanfare.registrations.Registrations;
import org.fanfare.server.Configuration.DirectDelivery;
import org.fanfare.sip.dialog.DialogLayer;
import org.fanfare.sip.transaction.TransactionLayer;
import org.fanfare.sip.transaction.WheelTimers;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.ListenPoint;
import org.fanfare.sip.transport.TransportLayer;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.spool.SpoolStore;
import org.fanfare.store.ImapStore;
import org.fanfare.uri.SipUri;
import org.fanfare.xdm.XdmPreferences;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The whole server: ledger, transports, Participating Function, the embedded core if there is one,
/// and the door for operators.
///
/// ```
/// phones -- core -- transports -- ParticipatingFunction -- Ledger
///             \______ copies _________/                      \-- AdminServer
/// ```
///
/// Started once, stopped once.
public final class FanfareServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FanfareServer.class);

    /// How long what runs may take to finish after the signal to stop (reliability R3).
    public static final Duration LONGEST_DRAIN = Duration.ofSeconds(30);

    private static final Duration POLL = Duration.ofMillis(10);

    private final Configuration configuration;

    /// What is open, the last one first.
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    private final Gate gate = new Gate();
    private final Metrics metrics = new Metrics();
    private @Nullable TransactionLayer layer;
    private @Nullable ParticipatingFunction participatingFunction;
    private @Nullable EmbeddedCore core;
    private @Nullable InterworkingFunction interworking;
    private @Nullable MessageStore store;
    private @Nullable AdminServer admin;
    private boolean draining;

    public FanfareServer(Configuration configuration) {
        this.configuration = configuration;
    }

    /// Opens everything, or nothing.
    ///
    /// @throws StartFailure when a port or the ledger cannot be had; names the key
    public synchronized void start() throws StartFailure {
        var began = System.nanoTime();
        try {
            startAll();
        } catch (StartFailure | RuntimeException e) {
            close();
            throw e;
        }
        LOG.info("event=ready ms={}", Duration.ofNanos(System.nanoTime() - began).toMillis());
    }

    private void startAll() throws StartFailure {
        var timers = opened(new WheelTimers());
        var ledger = opened(openLedger());
        var dialogs = new DialogLayer(gate, Wiring.dialogSettings(configuration));
        var transactions = openTransports(timers, dialogs);
        layer = transactions;
        var toUsers = configuration.nextHop();
        if (toUsers.isEmpty()) {
            toUsers = Optional.of(startCore(transactions.listening()));
        }
        var trust = Wiring.trust(configuration);
        var registrations = registrations(trust, transactions, toUsers.get());
        var function =
                participatingFunction(
                        transactions, dialogs, toUsers.get(), ledger, timers, trust, registrations);
        participatingFunction = opened(function);
        gate.open(function, registrations);
        function.start();
        new ServerMetrics(metrics).bind(ledger, transactions, function);
        new ServerMetrics(metrics).bind(Optional.ofNullable(store));
        opened(metrics);
        startAdmin(ledger);
    }

    private Ledger openLedger() throws StartFailure {
        var wanted = configuration.ledger();
        var node = Wiring.node(configuration);
        var settings =
                LedgerSettings.DEFAULT.with(s ->
                        s.retention(wanted.retention())
                                .lease(wanted.lease())
                                .quarantineDamaged(wanted.quarantineDamaged())
                                .duplicateWindow(configuration.policy().duplicateWindow()));
        try {
            return Ledgers.open(wanted.url(), settings, Clock.systemUTC(), node);
        } catch (LedgerRefused e) {
            throw new StartFailure("ledger.url", "open the ledger", e);
        }
    }

    private TransactionLayer openTransports(WheelTimers timers, DialogLayer dialogs)
            throws StartFailure {
        var limits = configuration.limits();
        var transport =
                TransportLayer.builder()
                        .limits(configuration.wireLimits())
                        .limits(limits.transport())
                        .host(configuration.host())
                        .trusted(new TrustedSources(configuration.trust())::contain);
        configuration.listen().sip().forEach(transport::listen);
        var tls = TlsFiles.settings(configuration.tls());
        tls.ifPresent(transport::tls);
        var transactions =
                new TransactionLayer(
                        transport,
                        dialogs,
                        timers,
                        TransactionLayer.Settings.DEFAULT.withLimits(limits.transactions()));
        dialogs.attach(transactions);
        try {
            transactions.start();
        } catch (IOException e) {
            throw new StartFailure("listen.sip", "listen", e);
        }
        opened(transactions);
        transactions.listening().forEach(point -> logListening("sip", point));
        return transactions;
    }

    /// The embedded core and ours know each other only by their addresses, as two processes would.
    private Hop startCore(List<ListenPoint> ours) throws StartFailure {
        var embedded = new EmbeddedCore(Wiring.coreSettings(configuration));
        Wiring.bindingsFile(configuration).ifPresent(embedded::keepBindings);
        try {
            embedded.start();
        } catch (IOException e) {
            throw new StartFailure("core.listen", "listen", e);
        }
        core = opened(embedded);
        embedded.listening().forEach(point -> logListening("core", point));
        embedded.participatingFunction(Wiring.hopTo(ours));
        if (configuration.policy().directDelivery() != DirectDelivery.OFF) {
            embedded.tellRegistrations();
        }
        var hasUdp = ours.stream().anyMatch(p -> p.protocol() == TransportProtocol.UDP);
        return embedded.serviceHop(hasUdp ? TransportProtocol.UDP : TransportProtocol.TCP);
    }

    private ParticipatingFunction participatingFunction(
            TransactionLayer transactions,
            DialogLayer dialogs,
            Hop toUsers,
            Ledger ledger,
            WheelTimers timers,
            Trust trust,
            @Nullable Registrations registrations)
            throws StartFailure {
        var self = Wiring.self(configuration, transactions.listening());
        var ours = openInterworking(ledger);
        var fanOut =
                Wiring.fanOutSettings(
                        configuration,
                        toUsers,
                        Wiring.sentBy(configuration, transactions, toUsers),
                        ours.map(InterworkingFunction::address));
        var builder =
                ParticipatingFunction.builder(
                                self, fanOut, Outlet.through(() -> transactions), ledger, timers)
                        .policy(PolicySettings.of(configuration))
                        .trust(trust)
                        .limits(configuration.wireLimits())
                        .largeMode(
                                largeMode(
                                        dialogs,
                                        fanOut,
                                        Wiring.contact(configuration, transactions, toUsers),
                                        ledger,
                                        timers));
        preferences().ifPresent(builder::userPreferences);
        var imap = Wiring.store(configuration);
        if (imap.isPresent()) {
            var imapStore = opened(new ImapStore(imap.get()));
            builder.messageStore(imapStore, Wiring.recording(configuration));
            store = imapStore;
        }
        if (registrations != null) {
            builder.directDelivery(PolicySettings.directDelivery(configuration), registrations);
            new ServerMetrics(metrics).bind(registrations);
        }
        var function = builder.build();
        ours.ifPresent(f -> f.start(function.reports(), Wiring.hopTo(transactions.listening())));
        return function;
    }

    /// Who is registered matters only where other devices of a sender get what he sends.
    private @Nullable Registrations registrations(
            Trust trust, TransactionLayer transactions, Hop toUsers) {
        return configuration.policy().directDelivery() == DirectDelivery.OFF
                ? null
                : new Registrations(
                        trust::includes,
                        configuration.wireLimits(),
                        InstantSource.system(),
                        Wiring.subscriptions(configuration, transactions, toUsers));
    }

    private Optional<XdmPreferences> preferences() throws StartFailure {
        var root = configuration.xdm().root();
        if (root == null) {
            root = startXcap();
        }
        if (root == null) {
            return Optional.empty();
        }
        var preferences = opened(new XdmPreferences(Wiring.xcapSettings(configuration, root)));
        new ServerMetrics(metrics).bind(preferences.figures());
        return Optional.of(preferences);
    }

    /// The XCAP root beside the embedded core; null when there is none.
    private @Nullable URI startXcap() throws StartFailure {
        var wanted = configuration.core().xcap();
        var folder = wanted.folder();
        if (folder == null || configuration.nextHop().isPresent()) {
            return null;
        }
        try {
            var xcap = opened(XcapFolder.start(wanted.listen(), folder));
            LOG.info("event=listening for=xcap root={}", xcap.root());
            return xcap.root();
        } catch (IOException e) {
            throw new StartFailure("core.xcap", "serve the folder " + folder, e);
        }
    }

    /// Listens before the Participating Function is there, which must know where.
    private Optional<InterworkingFunction> openInterworking(Ledger ledger) throws StartFailure {
        var smsc = Wiring.smsc(configuration);
        if (smsc.isEmpty()) {
            return Optional.empty();
        }
        try {
            var function =
                    opened(
                            InterworkingFunction.open(
                                    smsc.get(), configuration.wireLimits(), ledger.submissions()));
            new ServerMetrics(metrics).bind(function);
            interworking = function;
            return Optional.of(function);
        } catch (IOException e) {
            throw new StartFailure("interworking.smpp", "listen on loopback", e);
        }
    }

    private LargeMode largeMode(
            DialogLayer dialogs,
            FanOutSettings pager,
            SipUri contact,
            Ledger ledger,
            WheelTimers timers)
            throws StartFailure {
        var media = opened(openMedia());
        var spools = opened(openSpools());
        new ServerMetrics(metrics).bind(media, spools);
        int orphans = spools.removeAllBut(ledger::spools);
        if (orphans > 0) {
            LOG.info("event=spools-removed count={}", orphans);
        }
        return Wiring.largeMode(configuration, dialogs, media, spools, pager, contact, timers);
    }

    private MsrpEndpoint openMedia() throws StartFailure {
        var destinations = new MediaDestinations(configuration.listen().msrp(), ownAddresses());
        var builder =
                MsrpEndpoint.builder()
                        .host(configuration.host())
                        .limits(Wiring.msrpLimits(configuration))
                        .trusted(new TrustedSources(configuration.trust())::contain)
                        .mayConnect(destinations);
        configuration.listen().msrp().forEach(point -> builder.listen(point.toString()));
        TlsFiles.settings(configuration.tls()).ifPresent(builder::tls);
        try {
            var media = builder.start();
            destinations.addOwn(media.listening().stream().map(ListenPoint::address).toList());
            media.listening().forEach(point -> logListening("msrp", point));
            return media;
        } catch (IOException e) {
            throw new StartFailure("listen.msrp", "listen", e);
        }
    }

    private List<InetSocketAddress> ownAddresses() {
        var sip = Stream.concat(listening().stream(), coreListening().stream());
        return Stream.concat(
                        sip.map(ListenPoint::address),
                        Stream.ofNullable(configuration.listen().admin()))
                .toList();
    }

    private SpoolStore openSpools() throws StartFailure {
        if (configuration.ledger().url().startsWith("jdbc:")
                && configuration.spool().directory() == null) {
            LOG.warn(
                    "event=spool-not-shared key=spool.directory reason=\"nodes that share a ledger"
                            + " must share it too, or large messages cannot be taken over\"");
        }
        try {
            var directory = Wiring.spoolDirectory(configuration);
            return SpoolStore.open(
                    directory.isPresent()
                            ? directory.get()
                            : opened(TemporaryDirectory.create("fanfare-spool")).path(),
                    Wiring.node(configuration),
                    Wiring.spoolLimits(configuration));
        } catch (IOException e) {
            throw new StartFailure("spool.directory", "keep large messages there", e);
        }
    }

    private void startAdmin(Ledger ledger) throws StartFailure {
        var address = configuration.listen().admin();
        if (address == null) {
            return;
        }
        try {
            var server =
                    AdminServer.start(
                            address,
                            Set.of(configuration.host()),
                            ledger,
                            () -> health(ledger),
                            metrics,
                            Wiring.access(configuration));
            admin = opened(server);
            LOG.info("event=listening for=admin address={}", hostPort(server.address()));
        } catch (IOException e) {
            throw new StartFailure("listen.admin", "listen at " + hostPort(address), e);
        }
    }

    private static void logListening(String purpose, ListenPoint point) {
        LOG.info("event=listening for={} address={}", purpose, point);
    }

    private static String hostPort(InetSocketAddress address) {
        return new ListenPoint(TransportProtocol.TCP, address)
                .toString()
                .substring("tcp:".length());
    }

    private synchronized Health health(Ledger ledger) {
        var problems = new ArrayList<Health.Problem>();
        if (!ledger.healthy()) {
            problems.add(
                    new Health.Problem(
                            "ledger",
                            "nothing can be accepted: disk full, write error or database away; see"
                                    + " the log"));
        }
        if (draining) {
            problems.add(new Health.Problem("server", "shutting down"));
        }
        return new Health(problems);
    }

    /// Where requests are taken, with real ports.
    public synchronized List<ListenPoint> listening() {
        return layer == null ? List.of() : layer.listening();
    }

    /// Where the embedded core listens for phones; nothing when there is none.
    public synchronized List<ListenPoint> coreListening() {
        return core == null ? List.of() : core.listening();
    }

    /// Where the interworking function of our own listens; empty when there is none.
    synchronized Optional<Hop> interworkingAddress() {
        return Optional.ofNullable(interworking).flatMap(f -> f.address().direct());
    }

    /// Where status, health and metrics are; empty when they are switched off.
    public synchronized Optional<InetSocketAddress> adminAddress() {
        return Optional.ofNullable(admin).map(AdminServer::address);
    }

    /// Refuses what is new with 503, and waits for what runs (reliability R3). Whatever is not
    /// finished in time is in the ledger; returns whether everything was.
    public boolean drain() throws InterruptedException {
        ParticipatingFunction function;
        TransactionLayer transactions;
        synchronized (this) {
            draining = true;
            function = participatingFunction;
            transactions = layer;
        }
        if (function == null || transactions == null) {
            return true;
        }
        LOG.info("event=draining requests={}", transactions.openServerTransactions());
        function.drain();
        var deadline = System.nanoTime() + LONGEST_DRAIN.toNanos();
        var idle = function.awaitIdle(LONGEST_DRAIN);
        // The last answers are on their way only after the last copies.
        while (transactions.openServerTransactions() > 0 && System.nanoTime() < deadline) {
            Thread.sleep(POLL);
        }
        LOG.info("event=drained all={}", idle);
        return idle;
    }

    private <T extends AutoCloseable> T opened(T part) {
        open.push(part);
        return part;
    }

    /// Stops at once. What is under way is in the ledger.
    @Override
    public synchronized void close() {
        gate.close();
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                LOG.error("event=close-fault", e);
            }
        }
    }
}
