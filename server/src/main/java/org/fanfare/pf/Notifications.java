package org.fanfare.pf;

import org.fanfare.cpim.CpimAddress;
import org.fanfare.cpim.CpimBuilder;
import org.fanfare.cpim.CpimHeader;
import org.fanfare.cpim.CpimMessage;
import org.fanfare.imdn.Imdn;
import org.fanfare.imdn.Imdns;
import org.fanfare.ledger.Disposition;
import org.fanfare.ledger.Dispositions;
import org.fanfare.ledger.LedgerUnavailable;
import org.fanfare.mime.MediaType;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/// The Participating Function on the way of notifications (RFC 5438 8, references g.4): copies name
/// us in IMDN-Record-Route, so notifications about them come to the EXPLODER-URI; what they say is
/// noted in the ledger, and they go on to the sender.
///
/// Only who is on the list of a message can report on it; only its sender is told, whatever the
/// notification says about its way (I11). Nothing is ever answered to a notification but its status
/// (A7).
final class Notifications {

    private static final Logger LOG = LoggerFactory.getLogger(Notifications.class);

    private static final Duration COME_BACK = Duration.ofSeconds(30);
    private static final String NAMESPACE = CpimHeader.IMDN_NAMESPACE;
    private static final MediaType SIGNED = MediaType.of("multipart", "signed");
    private static final MediaType SEALED = MediaType.of("application", "pkcs7-mime");

    private final boolean onPath;
    private final Self self;
    private final Limits limits;
    private final Dispositions ledger;
    private final RecipientIndex recipients;
    private final NotificationBatches batches;
    private final LongAdder taken = new LongAdder();
    private final LongAdder repeated = new LongAdder();
    private final LongAdder stray = new LongAdder();

    /// @param onPath whether copies name us
    Notifications(
            boolean onPath,
            Self self,
            Limits limits,
            Dispositions ledger,
            NotificationBatches batches) {
        this.onPath = onPath;
        this.self = self;
        this.limits = limits;
        this.ledger = ledger;
        this.recipients = new RecipientIndex(ledger);
        this.batches = batches;
    }

    /// The message as it is copied. One that asks for nothing, is sealed or signed, or has somebody
    /// on the way already, stays octet for octet.
    StandaloneMessage withUsOnPath(StandaloneMessage message) {
        var content = message.content();
        if (!onPath || content.messages().size() != 1) {
            return message;
        }
        var cpim = content.messages().getFirst();
        var asked = content.notifications();
        if (content.rest().filter(body -> !body.isMultipart()).isEmpty()
                || asked.messageId().isEmpty()
                || asked.wanted().isEmpty()
                || content.isNotification()
                || !asked.recordRoute().isEmpty()
                || isSealed(cpim)) {
            return message;
        }
        try {
            var ours = CpimAddress.of(self.reporter(cpim.to()));
            var routed = cpim.toBuilder().header(NAMESPACE, "IMDN-Record-Route", ours).build();
            return message.withContent(content.with(routed));
        } catch (MalformedMessage e) { // larger than what we write
            LOG.info("event=notifications-direct reason=\"{}\"", e.getMessage());
            return message;
        }
    }

    private static boolean isSealed(CpimMessage message) {
        var type = message.content().contentType();
        return type.is(SIGNED) || type.is(SEALED);
    }

    /// A notification about a message of ours; others are swallowed, which is all that somebody who
    /// makes them up learns.
    ///
    /// @throws Refusal when it cannot be noted now
    void take(StandaloneMessage notification) throws Refusal {
        try {
            for (var message : notification.content().messages()) {
                for (var imdn : Imdns.of(message, limits)) {
                    take(notification.originator(), message, imdn);
                }
            }
        } catch (MalformedMessage _) {
            stray.increment();
        } catch (LedgerUnavailable e) {
            LOG.warn("event=notification-not-noted reason=\"{}\"", e.getMessage());
            throw new Refusal(500, "Not stored").retryAfter(COME_BACK);
        }
    }

    private void take(Originator reporter, CpimMessage message, Imdn imdn) {
        var disposition = disposition(imdn);
        for (var asked : ledger.asked(imdn.messageId())) {
            var recipient = recipients.find(asked, reporter);
            if (recipient.isPresent() && disposition.isPresent()) {
                if (ledger.note(asked.message(), recipient.getAsInt(), disposition.get())) {
                    taken.increment();
                    batches.add(asked, named(imdn, reporter), reporter.address(), goingOn(message));
                } else {
                    repeated.increment();
                }
                return;
            }
        }
        stray.increment();
    }

    private static Optional<Disposition> disposition(Imdn imdn) {
        return switch (imdn.status()) {
            case DELIVERED -> Optional.of(Disposition.DELIVERED);
            case DISPLAYED -> Optional.of(Disposition.DISPLAYED);
            case FAILED, ERROR -> Optional.of(Disposition.FAILED);
            case LEGACY_SMS, LEGACY_MMS -> Optional.of(Disposition.INTERWORKED);
            case PROCESSED, STORED -> Optional.of(Disposition.PROCESSED);
            case FORBIDDEN -> Optional.of(Disposition.FORBIDDEN);
            case EXTENSION -> Optional.empty();
        };
    }

    /// With the name of the one who reports, as it is needed beside others: CPIM To of the message
    /// was the EXPLODER-URI. Nobody reports for somebody else (I11).
    private Imdn named(Imdn imdn, Originator reporter) {
        var said = imdn.recipientUri();
        if (isOf(reporter, said)) {
            return imdn;
        }
        boolean ours = self.exploderUris().stream().anyMatch(uri -> uri.toString().equals(said));
        var original = said.isEmpty() ? imdn.originalRecipientUri() : ours ? said : "";
        return new Imdn(
                imdn.messageId(),
                imdn.dateTime(),
                reporter.address().toString(),
                original,
                imdn.kind(),
                imdn.status());
    }

    private static boolean isOf(Originator reporter, String uri) {
        try {
            return reporter.is(Uri.parse(uri));
        } catch (MalformedMessage _) {
            return false;
        }
    }

    /// Without its route, which ends with us (RFC 5438 8): beyond is the sender alone.
    private static CpimBuilder goingOn(CpimMessage message) {
        return message.toBuilder().remove(NAMESPACE, "IMDN-Route");
    }

    /// Notifications by what was done with them.
    Map<String, Long> figures() {
        return Map.of(
                "noted", taken.sum(),
                "repeated", repeated.sum(),
                "stray", stray.sum(),
                "dropped", batches.dropped());
    }
}
