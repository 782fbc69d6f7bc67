package org.fanfare.pf;

import org.fanfare.cpm.ReleaseVersion;
import org.fanfare.cpm.ServiceId;
import org.fanfare.pf.fanout.Delivery;
import org.fanfare.pf.fanout.Distribution;
import org.fanfare.pf.fanout.FanOut;
import org.fanfare.pf.fanout.LegTemplate;
import org.fanfare.pf.fanout.SentCopy;
import org.fanfare.spool.Spool;
import org.fanfare.wire.MalformedMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.List;

/// Copies of a message for the other devices of its sender, so that they show what he has sent
/// (8.2.1.1/dd.check, 8.2.1.2/dd.check, readings 62 and 63). Once for each message, when the first
/// recipient has it or begins to take it.
///
/// What becomes of these copies is nobody's outcome: nothing of it is in the ledger, and nothing
/// changes what the sender is told.
final class DirectDelivery {

    private static final Logger LOG = LoggerFactory.getLogger(DirectDelivery.class);

    /// What the service provider wants.
    ///
    /// @param required release that a device must follow; null: any
    record Settings(DirectDeliveryWay way, @Nullable ReleaseVersion required) {}

    private final Settings settings;
    private final RegisteredDevices registered;
    private final SentCopies copies;
    private final FanOut messages;
    private final @Nullable LargeMode large;
    private final DirectDeliveryFigures figures = new DirectDeliveryFigures();

    DirectDelivery(
            Settings settings,
            RegisteredDevices registered,
            SentCopies copies,
            FanOut messages,
            @Nullable LargeMode large) {
        this.settings = settings;
        this.registered = registered;
        this.copies = copies;
        this.messages = messages;
        this.large = large;
    }

    DirectDeliveryFigures figures() {
        return figures;
    }

    /// A recipient has answered a MESSAGE with 2xx (8.2.1.1/dd.check). Returns at once.
    ///
    /// @param deadline when the message expires, on the clock of the timers
    void ofMessage(StandaloneMessage message, long deadline) {
        if (settings.way != DirectDeliveryWay.OFF) { // 8.2.1.1/dd.check.off
            Thread.ofVirtual()
                    .name("direct-delivery")
                    .start(() -> guarded(message, () -> sendMessages(message, deadline)));
        }
    }

    /// A recipient has answered content in a session with 200 (8.2.1.2/dd.check 8.2.1.1/9.iv).
    /// Returns at once.
    void ofLargeMessage(Outgoing outgoing, Spool spool, long deadline) {
        var mode = large;
        if (settings.way == DirectDeliveryWay.OFF || mode == null || !spool.own()) {
            return; // 8.2.1.2/dd.check.off 8.2.1.1/9.iv.off
        }
        Thread.ofVirtual()
                .name("direct-delivery")
                .start(() -> {
                    try {
                        guarded(
                                outgoing.message(),
                                () -> sendInvites(outgoing, spool, deadline, mode));
                    } finally {
                        spool.close();
                    }
                });
    }

    private interface Procedure {
        void run() throws IOException;
    }

    /// Never throws: it is about copies that nobody waits for.
    private void guarded(StandaloneMessage message, Procedure procedure) {
        try {
            procedure.run();
        } catch (MalformedMessage | IOException e) {
            figures.skipped.increment();
            LOG.info(
                    "contribution={} no direct delivery: {}",
                    message.contributionId(),
                    e.getMessage());
        } catch (RuntimeException e) {
            figures.skipped.increment();
            LOG.error("contribution={} a fault of ours", message.contributionId(), e);
        }
    }

    private void sendMessages(StandaloneMessage message, long deadline) {
        var devices = registered(message.originator());
        var others = suitable(message, ServiceId.MSG, devices); // 8.2.1.1/dd.1
        if (settings.way == DirectDeliveryWay.CORE) {
            var author = author(message, devices);
            if (author.isEmpty() || (settings.required != null && others.isEmpty())) {
                figures.skipped.increment(); // references n.2; 8.2.1.1/dd.2
                return;
            }
            var address = message.originator().address().toString();
            send(copies.message(message, copies.butFor(author)), address, deadline);
            return; // 8.2.1.1/dd.3.iv.a
        }
        if (others.isEmpty()) {
            figures.skipped.increment(); // 8.2.1.1/dd.2
        }
        for (var device : others) { // 8.2.1.1/dd.2.else 8.2.1.1/dd.3.iv.b
            send(
                    copies.message(message, copies.onlyFor(device)),
                    addressOf(device, message),
                    deadline);
        }
    }

    /// 8.2.1.1/dd.core 8.2.1.1/dd.3 8.2.1.1/dd.3.iv: through the core, as every copy.
    private void send(LegTemplate template, String to, long deadline) {
        messages.start(distribution(template, to, deadline, () -> {}));
    }

    private Distribution distribution(
            LegTemplate template, String to, long deadline, Runnable whenEnded) {
        figures.sent.increment();
        return new Distribution(
                        this,
                        template,
                        Distribution.Recipients.all(List.of(to)),
                        deadline,
                        (_, _, delivery, _) -> {
                            count(delivery); // 8.2.1.2/dd.E.b: an error ends this copy
                            whenEnded.run();
                        })
                .interworkingIf(() -> false)
                .passingErrorsOn();
    }

    private void count(Delivery delivery) {
        (delivery.isSuccess() ? figures.delivered : figures.failed).increment();
    }

    /// 8.2.1.2/dd.E.a and 8.2.1.2/dd.E.a.msrp as towards any recipient. Large messages go to one
    /// device after the other, whatever the way: there is no other one (8.2.1.2/dd.C).
    private void sendInvites(Outgoing outgoing, Spool spool, long deadline, LargeMode mode)
            throws IOException {
        var message = outgoing.message();
        var devices = registered(message.originator());
        var others = suitable(message, ServiceId.LARGEMSG, devices); // 8.2.1.2/dd.A
        if (others.isEmpty()) {
            figures.skipped.increment(); // 8.2.1.2/dd.B
            return;
        }
        var offer = copies.offer(outgoing, added(spool, mode));
        for (var device : others) { // 8.2.1.2/dd.B.else 8.2.1.2/dd.C.3
            if (spool.own()) {
                mode.legs()
                        .start(
                                distribution(
                                                copies.invite(
                                                        message,
                                                        mode,
                                                        offer,
                                                        copies.onlyFor(device)),
                                                addressOf(device, message),
                                                deadline,
                                                spool::close)
                                        .by(mode.carrierOfSent(spool))); // 8.2.1.2/dd.D
            }
        }
    }

    /// By how much the announced size grows (reading 55).
    private static int added(Spool spool, LargeMode mode) throws IOException {
        try (var reader = spool.reader()) {
            return new SentCopy(reader, mode.sessions().limits()).added();
        }
    }

    /// The other devices of the sender that a message suits (8.2.1.1/dd.send, 8.2.1.2/dd.send,
    /// references n.2).
    private List<Device> suitable(
            StandaloneMessage message, ServiceId service, List<Device> devices) {
        var sender = SendingDevice.of(message.request());
        return sender.othersOf(devices).stream()
                .filter(device -> device.services().contains(service))
                .filter(Device::isAddressable)
                .filter(this::followsRelease)
                .toList();
    }

    /// The URN of the device that has sent, which the core is to leave out; empty when it has not
    /// named itself and is not known.
    private static String author(StandaloneMessage message, List<Device> devices) {
        return SendingDevice.of(message.request()).instanceAmong(devices);
    }

    /// Asked for once for each message: it may wait.
    private List<Device> registered(Originator originator) {
        return registered.of(
                originator.identities().stream()
                        .map(identity -> identity.uri().canonical())
                        .toList());
    }

    /// 8.2.1.1/dd.1, 8.2.1.2/dd.A; none required: 8.2.1.1/dd.1.off, 8.2.1.2/dd.A.off.
    private boolean followsRelease(Device device) {
        var required = settings.required;
        return required == null
                || device.release().filter(release -> release.isAtLeast(required)).isPresent();
    }

    /// 8.2.1.1/dd.3.iv.b.i 8.2.1.2/dd.C.3.i; else 8.2.1.1/dd.3.iv.b.i.address
    /// 8.2.1.2/dd.C.3.i.address.
    private static String addressOf(Device device, StandaloneMessage message) {
        return device.gruu().orElse(message.originator().address()).toString();
    }
}
