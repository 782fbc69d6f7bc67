package org.fanfare.pf;

import org.fanfare.cpim.CpimMessage;
import org.fanfare.cpm.CpmHeader;
import org.fanfare.ledger.MessageHead;
import org.fanfare.pf.fanout.LegTemplate;
import org.fanfare.sip.SipParser;
import org.fanfare.sip.SipRequest;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Limits;
import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.Optional;

/// What the reports of failures about a message look like, if its sender wants them.
record NegativeDeliveries(Self self, Limits limits, InstantSource clock) {

    /// For a message that was just accepted.
    @Nullable NegativeDelivery of(MessageHead head, Outgoing outgoing) {
        return head.negativeDeliveryWanted()
                ? of(
                        head,
                        outgoing.template(),
                        outgoing.message().originator().address(),
                        outgoing.message().content().messages().stream().findFirst())
                : null;
    }

    /// For a message that the ledger has kept over a restart.
    ///
    /// @param content of one whose content is not in the template
    @Nullable NegativeDelivery of(
            MessageHead head, LegTemplate template, Optional<CpimMessage> content) {
        if (!head.negativeDeliveryWanted()
                || !(SipParser.parse(template.sample(), limits) instanceof SipRequest copy)) {
            return null;
        }
        var identity = copy.headerValues(CpmHeader.P_ASSERTED_IDENTITY).getFirst();
        var cpim =
                content.or(() -> MessageContent.of(copy, limits).messages().stream().findFirst());
        return of(head, template, NameAddress.parse(identity).uri(), cpim);
    }

    private NegativeDelivery of(
            MessageHead head, LegTemplate template, Uri sender, Optional<CpimMessage> cpim) {
        return new NegativeDelivery(
                self.reporter(cpim.stream().flatMap(message -> message.to().stream()).toList()),
                sender.toString(),
                head.imdnMessageId(),
                cpim.flatMap(CpimMessage::dateTime).orElse(head.acceptedAt().toString()),
                head.conversationId(),
                template,
                clock);
    }
}
