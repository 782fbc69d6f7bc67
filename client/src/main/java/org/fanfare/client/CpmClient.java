package org.fanfare.client;

import org.fanfare.mime.MediaType;
import org.fanfare.msrp.MsrpEndpoint;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.transaction.WheelTimers;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.ListenPoint;
import org.fanfare.sip.transport.TlsSettings;
import org.fanfare.uri.Uri;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// The CPM Client: sends, receives and answers CPM Standalone Messages.
///
/// ```java
/// var settings = ClientSettings.of(NameAddress.parse("Alice <sip:alice@home.example>"))
///         .withProvisioning(Provisioning.NONE.withExploderUri(exploder));
/// try (var alice = CpmClient.builder(settings, Hop.parse("127.0.0.1:5060"))
///         .onMessage(message -> System.out.println(message.text().orElse("(no text)")))
///         .start()) {
///     alice.register(Duration.ofHours(1));
///     alice.send(OutgoingMessage.text("Lunch at noon?").toMany(List.of(bob, carol)).build());
/// }
/// ```
///
/// For any thread. What sends blocks until the final answer, about half a minute at most, or until
/// a large message is transferred; listeners are called on a virtual thread for each message and
/// may block.
public final class CpmClient implements AutoCloseable {

    private static final Logger LOG = System.getLogger(CpmClient.class.getName());

    private final ClientSettings settings;
    private final WheelTimers timers = new WheelTimers();
    private final Endpoint endpoint;
    private final MsrpEndpoint msrp;
    private final Exchange exchange;
    private final Drafting drafting;
    private final PagerMode pagerMode;
    private final LargeSending largeSending;
    private final DispositionNotices notices;
    private final DispositionReports reports = new DispositionReports();
    private final SeenMessages displayed = new SeenMessages();
    private final Registration registration;
    private final Consumer<ReceivedMessage> onMessage;
    private final Consumer<DispositionReport> onReport;

    private CpmClient(Builder builder) throws IOException {
        settings = builder.settings;
        onMessage = builder.onMessage;
        onReport = builder.onReport;
        var clock = InstantSource.system();
        var tokens = Tokens.secure();
        drafting = new Drafting(settings, clock, tokens);
        pagerMode = new PagerMode(settings, clock, tokens);
        notices = new DispositionNotices(settings, clock, tokens);
        var receiving = new Receiving(settings, builder.accepted, new Inbox());
        try {
            endpoint = Endpoint.open(builder.plan(), receiving::onRequest, timers);
        } catch (IOException | RuntimeException e) {
            timers.close();
            throw e;
        }
        try {
            msrp = builder.large.open(endpoint.local(), false);
        } catch (IOException | RuntimeException e) {
            endpoint.transactions().close();
            timers.close();
            throw e;
        }
        exchange = new Exchange(endpoint.transactions(), builder.outbound, builder.account);
        var contact = Contacts.of(endpoint, settings, builder.instance);
        registration =
                new Registration(settings, builder.registrar(), contact, exchange, timers, tokens);
        largeSending =
                new LargeSending(
                        new LargeMessageMode(settings, clock, tokens),
                        builder.large,
                        settings.limits(),
                        endpoint.dialogs(),
                        exchange,
                        msrp,
                        builder.outbound,
                        contact);
        receiving.invitations(
                new LargeReceiving(
                        settings,
                        builder.large,
                        Manners.of(builder.large),
                        new LargeReceiving.Network(
                                endpoint.dialogs(), msrp, builder.outbound, timers),
                        contact,
                        receiving.largeMessages()));
    }

    /// A client for this user.
    ///
    /// @param outbound where all requests go: the SIP/IP core, or its first proxy
    public static Builder builder(ClientSettings settings, Hop outbound) {
        return new Builder(settings, outbound);
    }

    /// Sends a message and waits for what becomes of it. Its size decides how it goes (7.2.1.3).
    ///
    /// @throws CannotSend when it is refused here; nothing has been sent then
    public SendResult send(OutgoingMessage message) throws InterruptedException {
        var transfer = begin(message, TransferListener.SILENT);
        try {
            return transfer.await();
        } catch (InterruptedException e) {
            transfer.cancel();
            throw e;
        }
    }

    /// Sends a message without waiting.
    ///
    /// @param progress hears how far a large message is
    /// @throws CannotSend when it is refused here; nothing has been sent then
    public Transfer begin(OutgoingMessage message, TransferListener progress) {
        var draft = drafting.draft(message);
        // First, because a report may be faster than the answer.
        reports.await(
                draft.ids().imdnMessageId(),
                draft.destination().knownRecipients(),
                settings.provisioning().network());
        return pagerMode
                .compose(draft) // 7.2.1.3/size.else
                .<Transfer>map(composed -> new PagerTransfer(composed).start(exchange))
                .orElseGet(() -> largeSending.begin(draft, progress)); // 7.2.1.3/size
    }

    /// Tells the sender that the user has seen the message, if the sender asked for it. Only the
    /// first call for a message does something.
    ///
    /// @return whether a notification was sent and taken
    public boolean displayed(ReceivedMessage message) throws InterruptedException {
        var notice = notices.displayed(message);
        return notice.isPresent()
                && displayed.isFirst(SeenMessages.Key.of(message))
                && Exchange.isTaken(exchange.send(notice.get()));
    }

    /// Registers the user's contact for this time, and refreshes it until [#unregister] or
    /// [#close].
    public RegistrationState register(Duration expires) throws InterruptedException {
        return registration.register(expires);
    }

    /// Takes the contact away.
    public RegistrationState unregister() throws InterruptedException {
        return registration.unregister();
    }

    /// How the last registration or refresh went.
    public RegistrationState registration() {
        return registration.state();
    }

    /// What has been reported about the messages sent.
    public DispositionReports reports() {
        return reports;
    }

    /// Where the client receives, as really bound.
    public List<ListenPoint> listening() {
        return endpoint.transactions().listening();
    }

    /// Closes the sockets. The registration stays until it expires: [#unregister] before.
    @Override
    public void close() {
        registration.stop();
        endpoint.transactions().close();
        msrp.close();
        timers.close();
    }

    /// What becomes of messages that have been answered.
    private final class Inbox implements Receiving.Sink {

        /// The user sees it once; "delivered" is reported each time (reliability 3.6).
        @Override
        public void onMessage(ReceivedMessage message, boolean first) {
            if (first) {
                onMessage.accept(message);
            }
            notices.delivered(message).ifPresent(CpmClient.this::report);
        }

        @Override
        public void onNotifications(ReceivedMessage message) {
            var from = message.originator();
            if (from.isPresent()) { // nobody believes somebody anonymous
                for (var imdn : message.notifications()) {
                    reports.accept(imdn, from.get()).ifPresent(onReport);
                }
            }
        }
    }

    private void report(SipRequest notice) {
        try {
            var answer = exchange.send(notice);
            if (!Exchange.isTaken(answer)) {
                LOG.log(Level.DEBUG, "a notification was not taken: {0}", answer);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Collects what a client needs.
    public static final class Builder {

        private final ClientSettings settings;
        private final Hop outbound;
        private final List<ListenPoint> listen = new ArrayList<>();
        private @Nullable TlsSettings tls;
        private @Nullable Account account;
        private @Nullable Uri registrar;
        private LargeMessageSettings large = LargeMessageSettings.DEFAULT;
        private Duration keepAlive = Duration.ofSeconds(90);
        private String instance = "urn:uuid:" + UUID.randomUUID();
        private Predicate<MediaType> accepted = _ -> true;
        private Consumer<ReceivedMessage> onMessage = _ -> {};
        private Consumer<DispositionReport> onReport = _ -> {};

        private Builder(ClientSettings settings, Hop outbound) {
            this.settings = settings;
            this.outbound = outbound;
        }

        /// Where to receive; without it a free port of the address that leads to the outbound hop.
        public Builder listen(ListenPoint point) {
            listen.add(point);
            return this;
        }

        /// For an outbound hop over TLS.
        public Builder tls(TlsSettings value) {
            tls = value;
            return this;
        }

        /// To answer challenges with.
        public Builder account(Account value) {
            account = value;
            return this;
        }

        /// Where to register; without it the domain of the user's address.
        public Builder registrar(Uri uri) {
            registrar = uri;
            return this;
        }

        /// The device, for `+sip.instance`; without it a new one each time.
        public Builder instance(String urn) {
            instance = urn;
            return this;
        }

        /// How often a connection is pinged that nothing else goes over (RFC 5626 4.4.1).
        public Builder keepAlive(Duration interval) {
            keepAlive = interval;
            return this;
        }

        /// How large messages are sent and received.
        public Builder large(LargeMessageSettings value) {
            large = value;
            return this;
        }

        /// Content that is taken; all without it. Other content is answered 415.
        public Builder accepting(Predicate<MediaType> types) {
            accepted = types;
            return this;
        }

        /// Gets each message, once.
        public Builder onMessage(Consumer<ReceivedMessage> listener) {
            onMessage = listener;
            return this;
        }

        /// Gets each report that moves the state of a sent message forward at one recipient. The
        /// notification is answered when it returns, so it must be quick.
        public Builder onReport(Consumer<DispositionReport> listener) {
            onReport = listener;
            return this;
        }

        /// Opens the sockets.
        ///
        /// @throws IOException when one cannot be had
        public CpmClient start() throws IOException {
            return new CpmClient(this);
        }

        private Endpoint.Plan plan() {
            return new Endpoint.Plan(
                    outbound,
                    List.copyOf(listen),
                    tls,
                    keepAlive,
                    true,
                    large.sessions(settings.product()));
        }

        private Uri registrar() {
            return registrar == null
                    ? Contacts.domainOf(settings.from().uri(), outbound)
                    : registrar;
        }
    }
}
