package org.fanfare.interworking;

import org.fanfare.interworking.Submitted.Later;
import org.fanfare.interworking.Submitted.Refused;
import org.fanfare.interworking.Submitted.Taken;
import org.fanfare.interworking.Submitted.Unknown;
import org.jsmpp.InvalidResponseException;
import org.jsmpp.PDUException;
import org.jsmpp.SMPPConstant;
import org.jsmpp.bean.BindType;
import org.jsmpp.bean.ESMClass;
import org.jsmpp.bean.InterfaceVersion;
import org.jsmpp.bean.NumberingPlanIndicator;
import org.jsmpp.bean.OptionalParameter;
import org.jsmpp.bean.RawDataCoding;
import org.jsmpp.bean.RegisteredDelivery;
import org.jsmpp.bean.SMSCDeliveryReceipt;
import org.jsmpp.bean.TypeOfNumber;
import org.jsmpp.extra.NegativeResponseException;
import org.jsmpp.extra.ResponseTimeoutException;
import org.jsmpp.extra.SessionState;
import org.jsmpp.session.BindParameter;
import org.jsmpp.session.MessageReceiverListener;
import org.jsmpp.session.SMPPSession;
import org.jsmpp.session.Session;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// The connection to an SMSC (SMPP 3.4, bound as transceiver): tested while it is silent, made
/// again when it is gone.
final class Smsc implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Smsc.class);

    /// What the SMSC may think better of.
    private static final Set<Integer> PASSING =
            Set.of(
                    SMPPConstant.STAT_ESME_RSYSERR,
                    SMPPConstant.STAT_ESME_RMSGQFUL,
                    SMPPConstant.STAT_ESME_RTHROTTLED,
                    SMPPConstant.STAT_ESME_RX_T_APPN);

    /// Together with the wait for a response less than the 32 s that a MESSAGE waits for its
    /// answer.
    private static final Duration LONGEST_TURN = Duration.ofSeconds(5);

    /// Between two attempts to connect: each pause is twice the one before.
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private static final String IMMEDIATE = "";
    private static final byte[] NOTHING = {};

    private final SmscSettings settings;
    private final MessageReceiverListener receiver;
    private final Pace pace;
    private final Semaphore window;
    private final Thread thread;
    private final Object lock = new Object();
    private @Nullable SMPPSession session;

    /// Id of the one that has ended last, also where the library calls it bound since then.
    private String ended = "";

    private boolean closed;

    Smsc(SmscSettings settings, MessageReceiverListener receiver) {
        this.settings = settings;
        this.receiver = receiver;
        this.pace = new Pace(settings.capacity().throughput(), System.nanoTime());
        this.window = new Semaphore(settings.capacity().window());
        this.thread = Thread.ofVirtual().name("smsc").unstarted(this::keepBound);
    }

    void start() {
        thread.start();
    }

    boolean isBound() {
        synchronized (lock) {
            return session != null
                    && !session.getSessionId().equals(ended)
                    && session.getSessionState() == SessionState.BOUND_TRX;
        }
    }

    /// As long as we are open there is a session, or another attempt at one.
    private void keepBound() {
        var pause = FIRST_PAUSE;
        while (!isClosed()) {
            try {
                bind();
                pause = FIRST_PAUSE;
                awaitEnd();
            } catch (IOException e) {
                LOG.warn(
                        "event=smsc-away address={}:{} reason=\"{}\" again-in={} s",
                        settings.host(),
                        settings.port(),
                        e.getMessage(),
                        pause.toSeconds());
            }
            if (!waited(pause)) {
                return;
            }
            pause = shorter(pause.multipliedBy(2), LONGEST_PAUSE);
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    private void bind() throws IOException {
        var fresh = new SMPPSession(SmscConnections.of(settings));
        fresh.setTransactionTimer(settings.response().toMillis());
        fresh.setEnquireLinkTimer((int) settings.enquireLink().toMillis());
        fresh.setMessageReceiverListener(receiver);
        fresh.addSessionStateListener((state, _, of) -> onState(state, of));
        fresh.connectAndBind(
                settings.host(),
                settings.port(),
                new BindParameter(
                        BindType.BIND_TRX,
                        settings.account().systemId(),
                        settings.account().password(),
                        settings.account().systemType(),
                        TypeOfNumber.UNKNOWN,
                        NumberingPlanIndicator.UNKNOWN,
                        "",
                        InterfaceVersion.IF_34),
                settings.response().toMillis());
        synchronized (lock) {
            session = fresh;
            if (!closed) {
                LOG.info("event=smsc-bound address={}:{}", settings.host(), settings.port());
                return;
            }
        }
        fresh.unbindAndClose();
    }

    private void onState(SessionState state, Session of) {
        if (state == SessionState.CLOSED) {
            synchronized (lock) {
                ended = of.getSessionId();
                lock.notifyAll();
            }
        }
    }

    private void awaitEnd() {
        synchronized (lock) {
            while (!closed && isBound()) {
                try {
                    lock.wait(settings.enquireLink().toMillis());
                } catch (InterruptedException _) {
                    return;
                }
            }
            session = null;
            if (!closed) {
                LOG.warn("event=smsc-lost address={}:{}", settings.host(), settings.port());
            }
        }
    }

    /// False when we are closed meanwhile.
    private boolean waited(Duration pause) {
        synchronized (lock) {
            long end = System.nanoTime() + pause.toNanos();
            long left = pause.toNanos();
            while (!closed && left > 0) {
                try {
                    lock.wait(Math.max(1, left / 1_000_000));
                } catch (InterruptedException _) {
                    return false;
                }
                left = end - System.nanoTime();
            }
            return !closed;
        }
    }

    /// Submits one short message and waits for what the SMSC says.
    ///
    /// @param receipt whether the SMSC is to tell what becomes of it
    Submitted submit(SmsAddress from, SmsAddress to, ShortMessage message, boolean receipt)
            throws InterruptedException {
        long turn = pace.take(System.nanoTime(), LONGEST_TURN.toNanos());
        if (turn < 0) {
            return new Later("too many wait for the SMSC");
        }
        TimeUnit.NANOSECONDS.sleep(turn);
        if (!window.tryAcquire(LONGEST_TURN.toNanos(), TimeUnit.NANOSECONDS)) {
            return new Later("the SMSC is slow");
        }
        try {
            var bound = bound();
            return bound == null
                    ? new Later("the SMSC is not there")
                    : submit(bound, from, to, message, receipt);
        } finally {
            window.release();
        }
    }

    private @Nullable SMPPSession bound() {
        synchronized (lock) {
            return isBound() ? session : null;
        }
    }

    private Submitted submit(
            SMPPSession bound,
            SmsAddress from,
            SmsAddress to,
            ShortMessage message,
            boolean receipt) {
        var content = message.content().toByteArray();
        var payload = settings.capacity().payload() || content.length > 254;
        try {
            var result =
                    bound.submitShortMessage(
                            "",
                            TypeOfNumber.valueOf((byte) from.type()),
                            NumberingPlanIndicator.valueOf((byte) from.plan()),
                            from.digits(),
                            TypeOfNumber.valueOf((byte) to.type()),
                            NumberingPlanIndicator.valueOf((byte) to.plan()),
                            to.digits(),
                            new ESMClass(
                                    message.hasHeader()
                                            ? SMPPConstant.ESMCLS_UDHI_INDICATOR_SET
                                            : 0),
                            (byte) 0,
                            (byte) 0,
                            IMMEDIATE,
                            "",
                            new RegisteredDelivery(
                                    receipt
                                            ? SMSCDeliveryReceipt.SUCCESS_FAILURE
                                            : SMSCDeliveryReceipt.DEFAULT),
                            (byte) 0,
                            new RawDataCoding(message.coding()),
                            (byte) 0,
                            payload ? NOTHING : content,
                            payload
                                    ? new OptionalParameter[] {
                                        new OptionalParameter.Message_payload(content)
                                    }
                                    : new OptionalParameter[0]);
            pace.taken();
            return new Taken(result.getMessageId());
        } catch (NegativeResponseException e) {
            return refused(e.getCommandStatus());
        } catch (PDUException e) { // it was not even written
            LOG.warn("event=smsc-fault reason=\"{}\"", e.getMessage());
            return new Refused(SMPPConstant.STAT_ESME_RSUBMITFAIL);
        } catch (ResponseTimeoutException | InvalidResponseException | IOException e) {
            LOG.warn("event=smsc-silent reason=\"{}\"", e.getMessage());
            return new Unknown("no response of the SMSC");
        }
    }

    private Submitted refused(int status) {
        if (!PASSING.contains(status)) {
            return new Refused(status);
        }
        pace.throttled(System.nanoTime());
        return new Later("the SMSC is busy: 0x%x".formatted(status));
    }

    @Override
    public void close() {
        SMPPSession last;
        synchronized (lock) {
            closed = true;
            last = session;
            lock.notifyAll();
        }
        if (last != null) {
            last.unbindAndClose();
        }
    }
}
