package org.fanfare.pf;

import org.fanfare.cpm.AcceptContact;
import org.fanfare.cpm.CpmHeader;
import org.fanfare.cpm.ReleaseVersion;
import org.fanfare.cpm.ServiceId;
import org.fanfare.interworking.Report;
import org.fanfare.ledger.Ledger;
import org.fanfare.pf.fanout.FanOut;
import org.fanfare.pf.fanout.FanOutFigures;
import org.fanfare.pf.fanout.FanOutSettings;
import org.fanfare.pf.fanout.Outlet;
import org.fanfare.sip.Method;
import org.fanfare.sip.ServerCapabilities;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.transaction.ServerTransaction;
import org.fanfare.sip.transaction.Timers;
import org.fanfare.sip.transaction.TransactionUser;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Printable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.IntSupplier;

/// The originating CPM Participating Function: takes requests and gives each to its procedure.
///
/// Start reading here: MESSAGE -> [OriginatingPagerMode] -> [Dispatch] (ledger) ->
/// [org.fanfare.pf.fanout.FanOut] -> leg.
public final class ParticipatingFunction implements TransactionUser, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ParticipatingFunction.class);

    private static final List<Method> METHODS = List.of(Method.MESSAGE, Method.OPTIONS);
    private static final List<Method> WITH_LARGE =
            List.of(
                    Method.MESSAGE,
                    Method.INVITE,
                    Method.ACK,
                    Method.CANCEL,
                    Method.BYE,
                    Method.UPDATE,
                    Method.OPTIONS);

    private static final String SERVER = ReleaseVersion.OMA_2_2.serverProduct(); // reading 78
    private static final String LIST_IN_MESSAGE = "recipient-list-message"; // RFC 5365 section 5
    private static final Set<String> EXTENSIONS = Set.of(LIST_IN_MESSAGE);
    private static final Set<String> WITH_LARGE_EXTENSIONS =
            Set.of(LIST_IN_MESSAGE, "recipient-list-invite", "timer");

    private final Self self;
    private final Trust trust;
    private final Limits limits;
    private final OriginatingPagerMode pagerMode;
    private final @Nullable OriginatingLargeMode large;
    private final @Nullable FanOut largeLegs;
    private final Resumption resumption;
    private final Recorder recorder;
    private final FanOut fanOut;
    private final Report.Sender reports;
    private final DirectDeliveryFigures directDelivery;
    private final Notifications notifications;
    private final IntSupplier openMessages;
    private final Refusals refusals;
    private volatile boolean draining;
    private List<Thread> beside = List.of();

    ParticipatingFunction(
            Self self,
            Trust trust,
            Limits limits,
            OriginatingPagerMode pagerMode,
            @Nullable OriginatingLargeMode large,
            @Nullable FanOut largeLegs,
            Resumption resumption,
            Recorder recorder,
            FanOut fanOut,
            Refusals refusals,
            Report.Sender reports,
            DirectDeliveryFigures directDelivery,
            Notifications notifications,
            IntSupplier openMessages) {
        this.self = self;
        this.trust = trust;
        this.limits = limits;
        this.pagerMode = pagerMode;
        this.large = large;
        this.largeLegs = largeLegs;
        this.resumption = resumption;
        this.recorder = recorder;
        this.fanOut = fanOut;
        this.directDelivery = directDelivery;
        this.refusals = refusals;
        this.reports = reports;
        this.notifications = notifications;
        this.openMessages = openMessages;
    }

    public static ParticipatingFunctionBuilder builder(
            Self self, FanOutSettings fanOut, Outlet outlet, Ledger ledger, Timers timers) {
        return new ParticipatingFunctionBuilder(self, fanOut, outlet, ledger, timers);
    }

    /// Begins to finish what was left over. Requests are served before as well.
    public void start() {
        beside =
                List.of(
                        Thread.ofVirtual().name("resumption").start(resumption::run),
                        Thread.ofVirtual().name("recorder").start(recorder::run));
    }

    @Override
    public void onRequest(ServerTransaction transaction) {
        var request = transaction.request();
        var peer = Peer.of(transaction.flow());
        if (large != null && request.method().equals(Method.INVITE)) {
            var procedure = large;
            guarded(request, peer, () -> invite(transaction, peer, procedure))
                    .ifPresent(refused -> respond(transaction, refused));
        } else {
            respond(transaction, answer(request, peer));
        }
    }

    private static void respond(ServerTransaction transaction, Outcome outcome) {
        if (outcome.stateless()) {
            transaction.respondStatelessly(outcome.response());
        } else {
            transaction.respond(outcome.response());
        }
        outcome.afterwards().run();
    }

    /// A recipient's network may answer after its leg was given up (reliability D7).
    @Override
    public void onUnmatchedResponse(SipResponse response) {
        if (response.isSuccess()) {
            fanOut.late(response.topBranch().ascii(), response.status());
        }
    }

    /// The response to a request.
    ///
    /// @param stateless whether it is worth remembering: not what a stranger is refused (A1)
    /// @param afterwards what follows when it is out
    record Outcome(SipResponse response, boolean stateless, Runnable afterwards) {

        Outcome(SipResponse response) {
            this(response, false, () -> {});
        }
    }

    /// The answer to a request that is served with one.
    Outcome answer(SipRequest request, Peer peer) {
        return guarded(request, peer, () -> Optional.of(serve(request, peer))).orElseThrow();
    }

    private interface Service {

        /// Empty when it answers by itself.
        Optional<Outcome> serve() throws Refusal, InterruptedException;
    }

    /// Whatever is refused, or cannot be read, is answered here.
    private Optional<Outcome> guarded(SipRequest request, Peer peer, Service service) {
        try {
            return service.serve();
        } catch (Refusal refusal) {
            LOG.info(
                    "{} call={} refused: {} {}",
                    request.method(),
                    request.callId(),
                    refusal.status(),
                    refusal.warning());
            return Optional.of(
                    new Outcome(
                            refusals.answer(request, refusal), !trust.includes(peer), () -> {}));
        } catch (MalformedMessage malformed) {
            refusals.count(malformed.sipStatus());
            LOG.info(
                    "{} call={} refused: {}",
                    request.method(),
                    request.callId(),
                    malformed.getMessage());
            return Optional.of(
                    new Outcome(malformed(request, malformed), !trust.includes(peer), () -> {}));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.of(new Outcome(answerTo(request, 500).build()));
        }
    }

    private Outcome serve(SipRequest request, Peer peer) throws Refusal, InterruptedException {
        var refused = refusedAtOnce(request, peer);
        if (refused.isPresent()) {
            return refused.get();
        }
        return request.method().equals(Method.OPTIONS)
                ? new Outcome(options(request, peer))
                : message(request, peer);
    }

    /// A session that begins answers when it can.
    private Optional<Outcome> invite(
            ServerTransaction transaction, Peer peer, OriginatingLargeMode procedure)
            throws Refusal {
        var request = transaction.request();
        var refused = refusedAtOnce(request, peer);
        if (refused.isEmpty()) {
            checkCpmFeatureTag(request, ServiceId.LARGEMSG); // 8.2.1.2/0
            var originator = trust.originator(request, peer);
            procedure.handle(transaction, originator, trust.includes(peer));
        }
        return refused;
    }

    private Optional<Outcome> refusedAtOnce(SipRequest request, Peer peer) throws Refusal {
        if (draining) {
            throw new Refusal(503, "Shutting down");
        }
        if (request.to().tag().isPresent()) {
            throw new Refusal(481, "No such dialog"); // RFC 3261 12.2.2
        }
        return capabilities(request)
                .refusal(request)
                .map(response -> {
                    refusals.count(response.status());
                    return new Outcome(
                            response.header(CpmHeader.SERVER, SERVER).build(),
                            !trust.includes(peer),
                            () -> {});
                });
    }

    /// What is refused whoever asks for it (RFC 3261 8.2). A scheme that a MESSAGE names may be one
    /// for interworking, which is decided later (8.2.1.1/8.A.i).
    private ServerCapabilities capabilities(SipRequest request) {
        return new ServerCapabilities(
                large == null ? METHODS : WITH_LARGE,
                Set.of(request.requestUri().scheme()),
                large == null ? EXTENSIONS : WITH_LARGE_EXTENSIONS,
                ServerCapabilities.DEFAULT.contentTypes(),
                ServerCapabilities.DEFAULT.contentEncodings());
    }

    private Outcome message(SipRequest request, Peer peer) throws Refusal, InterruptedException {
        checkCpmFeatureTag(request, ServiceId.MSG); // 8.2.1.1/0
        var originator = trust.originator(request, peer);
        var answer = pagerMode.handle(request, originator, trust.includes(peer));
        var stored = answer.stored();
        var response = answerTo(request, stored.status());
        if (!stored.warning().isEmpty()) {
            response.header("Warning", stored.warning());
        }
        if (!stored.messageUid().isEmpty()) {
            response.header(CpmHeader.MESSAGE_UID, stored.messageUid()); // 8.2.1.1/9.i.b
        }
        return new Outcome(response.build(), false, answer.afterwards()); // 8.2.1.1/9.ii
    }

    /// Only `.msg` means Pager Mode and `.largemsg` Large Message Mode, and the same with `.group`,
    /// which nobody should send (reading 17). Other messages are not ours: no neighbour has a
    /// reason to send them here.
    private void checkCpmFeatureTag(SipRequest request, ServiceId mode) throws Refusal {
        var values = AcceptContact.parse(request.headers().all(CpmHeader.ACCEPT_CONTACT), limits);
        var services = AcceptContact.services(values);
        if (!services.contains(mode) && !services.contains(mode.forGroup(true))) {
            throw new Refusal(
                    self.isExploderUri(request.requestUri()) ? 488 : 404,
                    "No CPM Standalone Message");
        }
    }

    /// What is found here, for whoever belongs here (reliability I2).
    private SipResponse options(SipRequest request, Peer peer) throws Refusal {
        if (!trust.includes(peer)) {
            throw new Refusal(403, "Not for strangers");
        }
        return answerTo(request, 200)
                .header("Allow", capabilities(request).allow())
                .header("Accept", OriginatingPagerMode.ACCEPTED)
                .header("Accept-Encoding", "gzip, deflate")
                .header("Supported", String.join(", ", capabilities(request).extensions()))
                .build();
    }

    private SipResponse malformed(SipRequest request, MalformedMessage malformed) {
        var response =
                request.answer(malformed.sipStatus(), Printable.cut(malformed.reason(), 100))
                        .header(CpmHeader.SERVER, SERVER);
        if (malformed.sipStatus() == 415) {
            response.header("Accept", OriginatingPagerMode.ACCEPTED);
            response.header("Accept-Encoding", "gzip, deflate");
        }
        return response.build();
    }

    private static SipResponse.Builder answerTo(SipRequest request, int status) {
        return request.answer(status).header(CpmHeader.SERVER, SERVER);
    }

    /// Notifications about messages of ours, by what was done with them.
    public Map<String, Long> notifications() {
        return notifications.figures();
    }

    /// By whom others can have notifications sent.
    public Report.Sender reports() {
        return reports;
    }

    /// What has happened since the start, and what is going on.
    public Figures figures() {
        var messages = fanOut.figures();
        return new Figures(
                refusals.figures(),
                largeLegs == null ? messages : messages.plus(largeLegs.figures(), "sessions"));
    }

    /// What a Participating Function has done and is doing.
    ///
    /// @param refusals requests that were sent to nobody, by the status of the answer
    public record Figures(SortedMap<Integer, Long> refusals, FanOutFigures legs) {}

    /// What has become of copies for senders' other devices.
    public DirectDeliveryFigures directDelivery() {
        return directDelivery;
    }

    /// Messages that wait for their answer.
    int openMessages() {
        return openMessages.getAsInt();
    }

    /// What has become of the messages that are recorded.
    public Recorder.Figures recordings() {
        return recorder.figures();
    }

    Recorder recorder() {
        return recorder;
    }

    Resumption resumption() {
        return resumption;
    }

    /// New requests are refused from now on; what runs goes on.
    public void drain() {
        draining = true;
        beside.forEach(Thread::interrupt);
    }

    /// Waits for the messages under way; false when it takes longer. The rest is in the ledger.
    public boolean awaitIdle(Duration longest) throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        boolean idle = fanOut.awaitIdle(longest);
        return largeLegs == null
                ? idle
                : largeLegs.awaitIdle(Duration.ofNanos(Math.max(end - System.nanoTime(), 0)))
                        && idle;
    }

    /// No further copy goes out.
    @Override
    public void close() {
        drain();
        fanOut.close();
        if (largeLegs != null) {
            largeLegs.close();
        }
    }
}
