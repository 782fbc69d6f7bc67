package org.fanfare.pf;

import org.fanfare.ledger.Ledger;
import org.fanfare.pf.fanout.FanOut;
import org.fanfare.pf.fanout.FanOutSettings;
import org.fanfare.pf.fanout.Outlet;
import org.fanfare.sip.transaction.Timers;
import org.fanfare.wire.Limits;
import org.jspecify.annotations.Nullable;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Puts a Participating Function together.
public final class ParticipatingFunctionBuilder {

    private final Self self;
    private final FanOutSettings fanOut;
    private final Outlet outlet;
    private final Ledger ledger;
    private final Timers timers;
    private Trust trust = Trust.NOBODY;
    private Policy policy = Policy.DEFAULT;
    private Limits limits = Limits.DEFAULT;
    private InstantSource clock = Clock.systemUTC();
    private RandomGenerator random = new SecureRandom();
    private Duration takeOverPause = Duration.ofSeconds(10);
    private @Nullable LargeMode large;
    private DirectDeliveryWay way = DirectDeliveryWay.OFF;
    private RegisteredDevices devices = RegisteredDevices.UNKNOWN;
    private Optional<MessageStore> store = Optional.empty();
    private Recorder.Settings recording = Recorder.Settings.DEFAULT;
    private Optional<UserPreferences> preferences = Optional.empty();

    ParticipatingFunctionBuilder(
            Self self, FanOutSettings fanOut, Outlet outlet, Ledger ledger, Timers timers) {
        this.self = self;
        this.fanOut = fanOut;
        this.outlet = outlet;
        this.ledger = ledger;
        this.timers = timers;
    }

    /// Whom to believe; nobody unless told.
    public ParticipatingFunctionBuilder trust(Trust value) {
        trust = value;
        return this;
    }

    public ParticipatingFunctionBuilder policy(Policy value) {
        policy = value;
        return this;
    }

    public ParticipatingFunctionBuilder limits(Limits value) {
        limits = value;
        return this;
    }

    /// The time of day.
    public ParticipatingFunctionBuilder clock(InstantSource value) {
        clock = value;
        return this;
    }

    /// Where keys and jitter come from; a secure one unless told.
    public ParticipatingFunctionBuilder random(RandomGenerator value) {
        random = value;
        return this;
    }

    /// How long to wait before looking again for what other nodes have left.
    public ParticipatingFunctionBuilder takeOverPause(Duration value) {
        takeOverPause = value;
        return this;
    }

    /// Where messages are recorded; nowhere unless told.
    public ParticipatingFunctionBuilder messageStore(
            MessageStore value, Recorder.Settings settings) {
        store = Optional.of(value);
        recording = settings;
        return this;
    }

    public ParticipatingFunctionBuilder userPreferences(UserPreferences value) {
        preferences = Optional.of(value);
        return this;
    }

    /// Other devices of senders get copies of what they send.
    public ParticipatingFunctionBuilder directDelivery(
            DirectDeliveryWay value, RegisteredDevices registered) {
        way = value;
        devices = registered;
        return this;
    }

    /// Large messages are served as well; without it they are refused.
    public ParticipatingFunctionBuilder largeMode(LargeMode value) {
        large = value;
        return this;
    }

    public ParticipatingFunction build() {
        var legs = new FanOut(fanOut, outlet, timers, random);
        var negativeDeliveries = new NegativeDeliveries(self, limits, clock);
        var recorder =
                new Recorder(
                        policy.recording(), store, preferences, ledger, clock, recording, large);
        long largest = large == null ? limits.decodedOctets() : large.largest();
        var copies = new Copies(policy, random);
        var direct =
                new DirectDelivery(
                        new DirectDelivery.Settings(way, policy.minimumRelease()),
                        devices,
                        new SentCopies(copies, limits),
                        legs,
                        large);
        var dispatch =
                new Dispatch(
                        policy,
                        ledger,
                        legs,
                        timers,
                        clock,
                        negativeDeliveries,
                        recorder,
                        large,
                        direct);
        var reports = new ReportMessages(legs, timers);
        var notifications =
                new Notifications(
                        policy.imdnRecordRoute(),
                        self,
                        limits,
                        ledger.dispositions(),
                        new NotificationBatches(
                                self,
                                policy.imdnCollectingTime(),
                                policy.pagerLimit(),
                                timers,
                                clock,
                                random,
                                reports));
        var refusals = new Refusals(self);
        var pagerMode =
                new OriginatingPagerMode(
                        self,
                        policy,
                        limits,
                        fanOut.interworking(),
                        clock,
                        copies,
                        dispatch,
                        new ExternalContent(store, limits, largest, clock),
                        recorder,
                        notifications,
                        large);
        var largeMode =
                large == null
                        ? null
                        : new OriginatingLargeMode(
                                self,
                                policy,
                                limits,
                                fanOut.interworking(),
                                clock,
                                dispatch,
                                large,
                                copies,
                                refusals,
                                recorder);
        var resumption =
                new Resumption(
                        ledger, legs, dispatch, negativeDeliveries, clock, takeOverPause, large);
        return new ParticipatingFunction(
                self,
                trust,
                limits,
                pagerMode,
                largeMode,
                large == null ? null : large.legs(),
                resumption,
                recorder,
                legs,
                refusals,
                reports,
                direct.figures(),
                notifications,
                dispatch::openMessages);
    }
}
