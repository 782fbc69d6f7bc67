package org.fanfare.client;

import org.fanfare.cpim.CpimAddress;
import org.fanfare.cpim.CpimHeader;
import org.fanfare.cpim.CpimMessage;
import org.fanfare.cpm.AcceptContact;
import org.fanfare.cpm.CpmHeader;
import org.fanfare.cpm.ServiceId;
import org.fanfare.imdn.DispositionNotification;
import org.fanfare.imdn.DispositionRequest;
import org.fanfare.imdn.Imdn;
import org.fanfare.imdn.Imdns;
import org.fanfare.mime.MediaType;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.uri.SipUri;
import org.fanfare.uri.Uri;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Makes the disposition notifications that a received message asks for, each a MESSAGE of its own
/// (RFC 5438 7.2.1 and 12.1.3.1). Never one for a notification (A7), nor for a copy of what the
/// user sent himself.
final class DispositionNotices {

    private final ClientSettings settings;
    private final InstantSource clock;
    private final Tokens tokens;

    DispositionNotices(ClientSettings settings, InstantSource clock, Tokens tokens) {
        this.settings = settings;
        this.clock = clock;
        this.tokens = tokens;
    }

    /// "Delivered", if the sender wants to know.
    Optional<SipRequest> delivered(ReceivedMessage message) {
        return notice(
                message,
                DispositionNotification.POSITIVE_DELIVERY,
                Imdn.Kind.DELIVERY,
                Imdn.Status.DELIVERED);
    }

    /// "Displayed", if the sender wants to know.
    Optional<SipRequest> displayed(ReceivedMessage message) {
        return notice(
                message, DispositionNotification.DISPLAY, Imdn.Kind.DISPLAY, Imdn.Status.DISPLAYED);
    }

    private Optional<SipRequest> notice(
            ReceivedMessage message,
            DispositionNotification asked,
            Imdn.Kind kind,
            Imdn.Status status) {
        if (message.isNotification() || message.isSentByOwnDevice()) {
            return Optional.empty();
        }
        return message.dispositions()
                .filter(wishes -> wishes.wants(asked))
                .flatMap(wishes -> destination(message, wishes))
                .map(to -> request(message, to, imdn(message, kind, status)));
    }

    /// The top of the recorded route, else the SIP From (references g.3). Somebody anonymous cannot
    /// be told.
    private Optional<Uri> destination(ReceivedMessage message, DispositionRequest wishes) {
        return route(wishes).stream()
                .findFirst()
                .map(CpimAddress::uri)
                .or(() -> Optional.of(message.request().from().uri()))
                .filter(uri -> !Anonymity.isAnonymous(uri));
    }

    /// IMDN-Record-Route, if it leads through the user's own domain first: nobody is to be flooded
    /// by way of us (I11).
    private List<CpimAddress> route(DispositionRequest wishes) {
        var recorded = wishes.recordRoute();
        return !recorded.isEmpty() && isOfOwnDomain(recorded.getFirst().uri())
                ? recorded
                : List.of();
    }

    private boolean isOfOwnDomain(Uri uri) {
        return uri instanceof SipUri route
                && settings.from().uri() instanceof SipUri own
                && route.hostPort().sameHost(own.hostPort());
    }

    private static Imdn imdn(ReceivedMessage message, Imdn.Kind kind, Imdn.Status status) {
        var cpim = message.cpim().orElseThrow();
        var wishes = message.dispositions().orElseThrow();
        return new Imdn(
                wishes.messageId(),
                cpim.dateTime().orElse(""),
                firstUri(cpim.to()),
                firstUri(wishes.originalTo()),
                kind,
                status);
    }

    private static String firstUri(List<CpimAddress> addresses) {
        return addresses.stream().findFirst().map(address -> address.uri().toString()).orElse("");
    }

    private SipRequest request(ReceivedMessage message, Uri to, Imdn imdn) {
        var request =
                Requests.start(Method.MESSAGE, to, settings.from(), to, tokens)
                        .header(
                                CpmHeader.ACCEPT_CONTACT,
                                AcceptContact.of(ServiceId.MSG).toString())
                        .header(CpmHeader.P_PREFERRED_IDENTITY, "<" + settings.identity() + ">")
                        .header(CpmHeader.P_PREFERRED_SERVICE, ServiceId.MSG.urn())
                        .header(CpmHeader.USER_AGENT, settings.product())
                        .header(CpmHeader.CONTRIBUTION_ID, tokens.contributionId().value());
        message.conversationId()
                .ifPresent(id -> request.header(CpmHeader.CONVERSATION_ID, id.value()));
        return request.body(MediaType.CPIM.toString(), carrier(message, to, imdn).toOctets())
                .build();
    }

    private CpimMessage carrier(ReceivedMessage message, Uri to, Imdn imdn) {
        var carrier =
                Imdns.carry(
                        CpimAddress.of(settings.from().uri()),
                        CpimAddress.of(to),
                        tokens.messageId(),
                        clock.instant(),
                        List.of(imdn));
        // RFC 5438 7.2.1.1: the way back is the way that was recorded, if it is taken at all
        for (var hop : route(message.dispositions().orElseThrow())) {
            carrier.header(CpimHeader.IMDN_NAMESPACE, "IMDN-Route", hop);
        }
        return carrier.build();
    }
}
