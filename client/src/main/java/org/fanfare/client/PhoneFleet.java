package org.fanfare.client;

import org.fanfare.cpm.ReleaseVersion;
import org.fanfare.msrp.MsrpEndpoint;
import org.fanfare.sip.StatusCode;
import org.fanfare.sip.transaction.ServerTransaction;
import org.fanfare.sip.transaction.WheelTimers;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.TlsSettings;
import org.fanfare.uri.HostPort;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.Parameters;
import org.fanfare.uri.SipUri;
import org.fanfare.uri.Uri;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;

/// Simulated phones for tests and labs, thousands of them in one process: each a SIP user with an
/// address and a registered contact of its own, who answers messages by a [PhoneScript].
///
/// Phones share sockets in groups; the user part of the contact tells them apart. With a group for
/// each phone they have sockets of their own.
///
/// ```java
/// try (var phones = PhoneFleet.builder(Hop.parse("127.0.0.1:5060"), "home.example")
///         .count(1000).prefix("phone")
///         .script(PhoneScript.FRIENDLY.withAnswers(PhoneScript.parseAnswers("200:95,486:5")))
///         .start()) {
///     phones.register(Duration.ofHours(1));
///     ...
///     System.out.println(phones.counts());
/// }
/// ```
public final class PhoneFleet implements AutoCloseable {

    /// Requests that are under way at the same time while all phones register.
    private static final int PARALLEL = 64;

    private final WheelTimers timers = new WheelTimers();
    private final List<Endpoint> endpoints = new ArrayList<>();
    private @Nullable MsrpEndpoint msrp;
    private final List<SimulatedPhone> phones = new ArrayList<>();
    private final PhoneCounts counts = new PhoneCounts();
    private final Tokens tokens = Tokens.secure();
    private final RandomGenerator random;
    private final BiConsumer<SimulatedPhone, ReceivedMessage> onMessage;

    private PhoneFleet(Builder builder) throws IOException {
        random = new Random(builder.seed);
        onMessage = builder.onMessage;
        try {
            for (int first = 1; first <= builder.count; first += builder.perSocket) {
                int last = Math.min(builder.count, first + builder.perSocket - 1);
                open(builder, first, last);
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /// Opens the sockets of one group.
    private void open(Builder builder, int first, int last) throws IOException {
        var byUser = new HashMap<String, SimulatedPhone>();
        var group = new Group(byUser);
        var plan =
                new Endpoint.Plan(
                        builder.core,
                        List.of(),
                        builder.tls,
                        Duration.ofSeconds(90),
                        false,
                        builder.large.sessions(ReleaseVersion.OMA_2_2.clientProduct()));
        var endpoint = Endpoint.open(plan, group::onRequest, timers);
        endpoints.add(endpoint);
        for (int number = first; number <= last; number++) {
            var phone = builder.phone(number, endpoint, this);
            phones.add(phone);
            byUser.put(Contacts.user(phone.uri()), phone);
        }
    }

    /// All phones have their sessions at one place, however many sockets they have for SIP.
    private synchronized MsrpEndpoint msrp(Endpoint endpoint, LargeMessageSettings large)
            throws IOException {
        var opened = msrp;
        if (opened == null) {
            opened = large.open(endpoint.local(), true);
            msrp = opened;
        }
        return opened;
    }

    /// The phones behind one endpoint.
    private record Group(Map<String, SimulatedPhone> byUser) {

        void onRequest(ServerTransaction transaction) {
            var uri = transaction.request().requestUri();
            var phone = byUser.get(Contacts.user(uri));
            if (phone == null) {
                transaction.respond(transaction.request().answer(StatusCode.NOT_FOUND).build());
            } else {
                phone.onRequest(transaction);
            }
        }
    }

    /// A fleet at this core.
    ///
    /// @param core where the phones register and send
    /// @param domain of their addresses
    public static Builder builder(Hop core, String domain) {
        return new Builder(core, domain);
    }

    /// All phones, in the order of their numbers.
    public List<SimulatedPhone> phones() {
        return List.copyOf(phones);
    }

    /// The addresses of all phones.
    public List<Uri> uris() {
        return phones.stream().map(SimulatedPhone::uri).toList();
    }

    /// What all phones together have seen and done.
    public PhoneCounts counts() {
        return counts;
    }

    /// How many sockets the phones share.
    public int sockets() {
        return endpoints.size();
    }

    /// What came of the registration of a fleet.
    ///
    /// @param failures the states of those that could not register
    public record Registered(int registered, List<RegistrationState> failures) {}

    /// Registers all phones for this time, and refreshes them until the fleet is closed.
    public Registered register(Duration expires) throws InterruptedException {
        return forAll(phone -> phone.registration().register(expires));
    }

    /// Takes all contacts away.
    public Registered unregister() throws InterruptedException {
        return forAll(phone -> phone.registration().unregister());
    }

    /// What is done with each phone.
    private interface Step {
        RegistrationState with(SimulatedPhone phone) throws InterruptedException;
    }

    private Registered forAll(Step step) throws InterruptedException {
        var slots = new Semaphore(PARALLEL);
        var states = new ArrayList<RegistrationState>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var tasks = new ArrayList<Callable<RegistrationState>>();
            for (var phone : phones) {
                tasks.add(() -> {
                    slots.acquire();
                    try {
                        return step.with(phone);
                    } finally {
                        slots.release();
                    }
                });
            }
            for (var done : threads.invokeAll(tasks)) {
                states.add(result(done));
            }
        }
        var failures = states.stream().filter(state -> !state.isSuccess()).toList();
        return new Registered(states.size() - failures.size(), failures);
    }

    private static RegistrationState result(Future<RegistrationState> done)
            throws InterruptedException {
        try {
            return done.get();
        } catch (ExecutionException e) {
            return new RegistrationState(0, String.valueOf(e.getCause()), Duration.ZERO);
        }
    }

    RandomGenerator random() {
        return random;
    }

    void shown(SimulatedPhone phone, ReceivedMessage message) {
        onMessage.accept(phone, message);
    }

    /// Closes all sockets; registrations stay until they expire.
    @Override
    public void close() {
        phones.forEach(phone -> phone.registration().stop());
        endpoints.forEach(endpoint -> endpoint.transactions().close());
        var opened = msrp;
        if (opened != null) {
            opened.close();
        }
        timers.close();
    }

    /// Collects what a fleet needs.
    public static final class Builder {

        private final Hop core;
        private final String domain;
        private int count = 1;
        private String prefix = "phone";
        private IntFunction<PhoneScript> script = _ -> PhoneScript.FRIENDLY;
        private Function<Uri, Optional<Account>> accounts = _ -> Optional.empty();
        private int perSocket = 500;
        private long seed = 1;
        private @Nullable TlsSettings tls;
        private LargeMessageSettings large = LargeMessageSettings.DEFAULT;
        private BiConsumer<SimulatedPhone, ReceivedMessage> onMessage = (_, _) -> {};

        private Builder(Hop core, String domain) {
            this.core = core;
            this.domain = domain;
        }

        /// How many phones; their numbers start with 1.
        public Builder count(int value) {
            count = atLeastOne("count", value);
            return this;
        }

        /// The users are called by this prefix and their number. One that starts with `+` makes
        /// telephone numbers of equal length.
        public Builder prefix(String value) {
            prefix = value;
            return this;
        }

        /// How all phones behave.
        public Builder script(PhoneScript value) {
            return script((int _) -> value);
        }

        /// How each phone behaves, by its number.
        public Builder script(IntFunction<PhoneScript> value) {
            script = value;
            return this;
        }

        /// What each phone answers challenges with.
        public Builder accounts(Function<Uri, Optional<Account>> value) {
            accounts = value;
            return this;
        }

        /// How many phones share a socket; with 1 each has its own.
        public Builder phonesPerSocket(int value) {
            perSocket = atLeastOne("phones per socket", value);
            return this;
        }

        /// For a core that is reached over TLS.
        public Builder tls(TlsSettings value) {
            tls = value;
            return this;
        }

        /// How large messages are received; whether a phone is active is said by its script.
        public Builder large(LargeMessageSettings value) {
            large = value;
            return this;
        }

        /// Of the randomness by which phones choose what the script leaves open.
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /// Gets each message that a phone takes for the first time.
        public Builder onMessage(BiConsumer<SimulatedPhone, ReceivedMessage> listener) {
            onMessage = listener;
            return this;
        }

        /// Opens the sockets; the phones are not registered yet.
        ///
        /// @throws IOException when one cannot be had
        public PhoneFleet start() throws IOException {
            return new PhoneFleet(this);
        }

        private static int atLeastOne(String what, int value) {
            if (value < 1) {
                throw new IllegalArgumentException(what + ": expected 1 or more, got " + value);
            }
            return value;
        }

        private SimulatedPhone phone(int number, Endpoint endpoint, PhoneFleet fleet)
                throws IOException {
            var settings = ClientSettings.of(NameAddress.of(uri(number)));
            var account = accounts.apply(settings.from().uri()).orElse(null);
            var exchange = new Exchange(endpoint.transactions(), core, account);
            var contact = Contacts.of(endpoint, settings, "urn:uuid:" + UUID.randomUUID());
            var behaviour = script.apply(number);
            var phone =
                    new SimulatedPhone(
                            number,
                            settings,
                            behaviour,
                            fleet,
                            exchange,
                            new Registration(
                                    settings,
                                    SipUri.of(HostPort.of(domain)),
                                    contact,
                                    exchange,
                                    fleet.timers,
                                    fleet.tokens),
                            new DispositionNotices(settings, InstantSource.system(), fleet.tokens));
            phone.invitations(
                    new LargeReceiving(
                            settings,
                            large,
                            new ScriptedManners(behaviour.large(), fleet.counts),
                            new LargeReceiving.Network(
                                    endpoint.dialogs(),
                                    fleet.msrp(endpoint, large),
                                    core,
                                    fleet.timers),
                            contact,
                            phone.largeMessages()));
            return phone;
        }

        private SipUri uri(int number) {
            boolean telephone = prefix.startsWith("+");
            var digits = Integer.toString(number);
            var padded = "0".repeat(Integer.toString(count).length() - digits.length()) + digits;
            var uri = SipUri.of(prefix + (telephone ? padded : digits), HostPort.of(domain));
            return telephone ? uri.withParameters(Parameters.NONE.with("user", "phone")) : uri;
        }
    }
}
