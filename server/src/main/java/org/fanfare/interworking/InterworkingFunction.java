package org.fanfare.interworking;

import org.fanfare.cpim.CpimMessage;
import org.fanfare.cpm.CpmHeader;
import org.fanfare.interworking.ShortMessageService.Answer;
import org.fanfare.ledger.LedgerUnavailable;
import org.fanfare.ledger.Submissions;
import org.fanfare.mime.MediaType;
import org.fanfare.mime.MimeEntity;
import org.fanfare.msrp.MsrpEndpoint;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.dialog.DialogLayer;
import org.fanfare.sip.dialog.DialogSettings;
import org.fanfare.sip.transaction.ServerTransaction;
import org.fanfare.sip.transaction.TransactionLayer;
import org.fanfare.sip.transaction.TransactionUser;
import org.fanfare.sip.transaction.WheelTimers;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.ListenPoint;
import org.fanfare.sip.transport.TransportLayer;
import org.fanfare.uri.SipUri;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Sha256;
import org.jsmpp.SMPPConstant;
import org.jsmpp.bean.AlertNotification;
import org.jsmpp.bean.DataSm;
import org.jsmpp.bean.DeliverSm;
import org.jsmpp.extra.ProcessRequestException;
import org.jsmpp.session.DataSmResult;
import org.jsmpp.session.MessageReceiverListener;
import org.jsmpp.session.Session;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// An interworking function of our own (section 6.5, references m): takes what the Participating
/// Function sends to interworking, over SIP and MSRP on loopback, and sends its text as short
/// messages by way of an SMSC.
///
/// ```
/// leg -- MESSAGE or INVITE --> InterworkingFunction -- ShortMessageService -- Smsc --> SMSC
/// sender <-- core <-- Report <------------------------ receipts ---------------/
/// ```
///
/// Other processes of this machine can connect to it, too: only who knows its address, which holds
/// a secret made at the start, is served.
public final class InterworkingFunction implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(InterworkingFunction.class);

    private static final ListenPoint LOOPBACK = ListenPoint.parse("tcp:127.0.0.1:0");
    private static final String TEXT = MediaType.TEXT_PLAIN.essence();
    private static final int SECRET = 16;

    private final SmscSettings settings;
    private final Limits limits;
    private final Submissions submissions;
    private final String secret = secret();
    private final SmsCounters counters = new SmsCounters();
    private final WheelTimers timers = new WheelTimers();
    private final DialogLayer dialogs;
    private final TransactionLayer layer;
    private final MsrpEndpoint media;
    private final Smsc smsc;
    private volatile @Nullable ShortMessageService service;
    private volatile @Nullable TextSessions sessions;

    private InterworkingFunction(SmscSettings settings, Limits limits, Submissions submissions)
            throws IOException {
        this.settings = settings;
        this.limits = limits;
        this.submissions = submissions;
        this.smsc = new Smsc(settings, new Receiver());
        this.dialogs = new DialogLayer(new Requests(), DialogSettings.DEFAULT);
        var transport =
                TransportLayer.builder()
                        .limits(limits)
                        .listen(LOOPBACK)
                        .trusted(InetAddress::isLoopbackAddress);
        this.layer =
                new TransactionLayer(
                        transport,
                        dialogs,
                        timers,
                        TransactionLayer.Settings.DEFAULT.withoutMergeDetection());
        this.media = MsrpEndpoint.builder().listen(LOOPBACK.toString()).start();
    }

    private static String secret() {
        var octets = new byte[SECRET];
        new SecureRandom().nextBytes(octets);
        return HexFormat.of().formatHex(octets);
    }

    /// Listens; whatever comes is put off until [#start].
    ///
    /// @throws IOException when that cannot be
    public static InterworkingFunction open(
            SmscSettings settings, Limits limits, Submissions submissions) throws IOException {
        var function = new InterworkingFunction(settings, limits, submissions);
        function.dialogs.attach(function.layer);
        function.layer.start();
        return function;
    }

    /// Where it is reached, and nowhere else.
    public InterworkingSelection.Isf address() {
        var address = layer.listening().getFirst().address();
        var uri =
                SipUri.parse(
                        "sip:%s@127.0.0.1:%d;transport=tcp;lr"
                                .formatted(secret, address.getPort()));
        return new InterworkingSelection.Isf(
                uri, Optional.of(new Hop(LOOPBACK.protocol(), address, Hop.Size.ANY)), true);
    }

    /// Connects to the SMSC.
    ///
    /// @param reports by whom senders are told
    /// @param back where requests of ours in a session go: to the Participating Function
    public void start(Report.Sender reports, Hop back) {
        var started =
                new ShortMessageService(
                        submissions, smsc::submit, reports, Clock.systemUTC(), counters);
        sessions =
                new TextSessions(dialogs, media, timers, limits, back, address().uri(), this::send);
        service = started;
        smsc.start();
        started.resume();
    }

    /// Whether there is a session with the SMSC.
    public boolean isBound() {
        return smsc.isBound();
    }

    public SmsCounters counters() {
        return counters;
    }

    @Override
    public void close() {
        layer.close();
        media.close();
        smsc.close();
        timers.close();
    }

    private final class Requests implements TransactionUser {

        @Override
        public void onRequest(ServerTransaction transaction) {
            var request = transaction.request();
            try {
                serve(transaction);
            } catch (MalformedMessage malformed) {
                transaction.respond(refusal(request, malformed));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                transaction.respond(request.answer(503).build());
            }
        }
    }

    private static SipResponse refusal(SipRequest request, MalformedMessage malformed) {
        var response = request.answer(malformed.sipStatus());
        if (malformed.sipStatus() == 415) {
            response.header("Accept", MediaType.CPIM.essence() + ", " + TEXT);
        }
        return response.build();
    }

    private void serve(ServerTransaction transaction) throws InterruptedException {
        var request = transaction.request();
        var takesSessions = sessions;
        if (!isForUs(request)) {
            transaction.respondStatelessly(request.answer(403).build());
        } else if (request.method().equals(Method.MESSAGE)) {
            transaction.respond(response(request, send(request, message(request))));
        } else if (request.method().equals(Method.INVITE) && takesSessions != null) {
            takesSessions.answer(transaction);
        } else {
            transaction.respond(request.answer(405).header("Allow", "MESSAGE, INVITE").build());
        }
    }

    private boolean isForUs(SipRequest request) {
        return request.routes().stream()
                .findFirst()
                .filter(route ->
                        route.uri() instanceof SipUri uri && uri.user().equals(Optional.of(secret)))
                .isPresent();
    }

    private CpimMessage message(SipRequest request) {
        var type = request.header("Content-Type").orElse(TEXT);
        var leaves =
                MimeEntity.builder()
                        .header("Content-Type", type)
                        .body(request.body())
                        .build()
                        .leaves(limits);
        if (leaves.size() != 1 || !leaves.getFirst().contentType().is(MediaType.CPIM)) {
            throw new MalformedMessage(
                    "content: expected one message/cpim", 0, "RFC 3261 21.4.13", 415);
        }
        return CpimMessage.parse(leaves.getFirst().content(limits), limits);
    }

    /// What becomes of a message, whichever way it came.
    private Answer send(SipRequest request, CpimMessage message) throws InterruptedException {
        var started = service;
        if (started == null) {
            return Answer.later("starting", 1);
        }
        var to = SmsAddress.of(request.requestUri());
        if (to.isEmpty()) {
            return new Answer(404, "No telephone number", 0);
        }
        var from = source(request);
        if (from.isEmpty()) {
            return new Answer(403, "No number to send from", 0);
        }
        var key = key(request);
        var parts = parts(text(request, message), key);
        if (parts.size() > settings.capacity().parts()) {
            return new Answer(413, "Too long for SMS", 0);
        }
        return started.send(
                new ShortMessageService.Text(
                        key, from.get(), to.get(), parts, ReportRequest.of(request, message)));
    }

    /// Ours, or the number of the sender, who must have one and not hide it.
    private Optional<SmsAddress> source(SipRequest request) {
        return settings.fixedSource()
                .or(() ->
                        isAnonymous(request)
                                ? Optional.empty()
                                : SmsAddress.of(ReportRequest.sender(request).uri()));
    }

    private static boolean isAnonymous(SipRequest request) {
        return request.header(CpmHeader.PRIVACY).filter(p -> !p.strip().equals("none")).isPresent();
    }

    /// Where all messages come from one number, the text begins with the name of its sender.
    private String text(SipRequest request, CpimMessage message) {
        var text = TextContent.of(message, limits);
        if (settings.source() == null || isAnonymous(request)) {
            return text;
        }
        var from = message.from();
        var name =
                from.displayName().isBlank()
                        ? SmsAddress.of(from.uri())
                                .map(number -> "+" + number.digits())
                                .orElse(from.uri().toString().replaceFirst("^sips?:", ""))
                        : from.displayName();
        return name + ": " + text;
    }

    private List<ShortMessage> parts(String text, String key) {
        return settings.capacity().payload()
                ? List.of(ShortMessage.whole(text))
                : ShortMessage.inParts(text, key.hashCode());
    }

    /// One message to one recipient, however often it comes.
    private static String key(SipRequest request) {
        var contribution = request.header(CpmHeader.CONTRIBUTION_ID).orElse(request.callId());
        var name =
                "%s\n%s\n%s"
                        .formatted(
                                ReportRequest.sender(request).uri().canonical(),
                                contribution,
                                request.requestUri().canonical());
        return Sha256.hex(name.getBytes(StandardCharsets.UTF_8), 32);
    }

    private static SipResponse response(SipRequest request, Answer answer) {
        var response = request.answer(answer.status(), answer.reason());
        if (answer.retryAfter() > 0) {
            response.header("Retry-After", Integer.toString(answer.retryAfter()));
        }
        return response.build();
    }

    /// What the SMSC sends: receipts. Short messages for us are nobody's here.
    private final class Receiver implements MessageReceiverListener {

        @Override
        public void onAcceptDeliverSm(DeliverSm delivered) throws ProcessRequestException {
            if (!delivered.isSmscDeliveryReceipt()) {
                throw new ProcessRequestException(
                        "no short messages here", SMPPConstant.STAT_ESME_RX_P_APPN);
            }
            var started = service;
            var receipt = Receipt.of(delivered);
            if (started == null || receipt.isEmpty()) {
                LOG.info("event=receipt-unreadable");
                return;
            }
            try {
                started.received(receipt.get());
            } catch (LedgerUnavailable e) { // the SMSC tells it again
                throw new ProcessRequestException(
                        "not stored", SMPPConstant.STAT_ESME_RX_T_APPN, e);
            }
        }

        @Override
        public void onAcceptAlertNotification(AlertNotification alert) {}

        @Override
        public DataSmResult onAcceptDataSm(DataSm data, Session source)
                throws ProcessRequestException {
            throw new ProcessRequestException(
                    "no short messages here", SMPPConstant.STAT_ESME_RX_P_APPN);
        }
    }
}
