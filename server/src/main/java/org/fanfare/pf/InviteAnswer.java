package org.fanfare.pf;

import org.fanfare.cpm.CpmHeader;
import org.fanfare.cpm.FeatureTag;
import org.fanfare.cpm.ReleaseVersion;
import org.fanfare.cpm.ServiceId;
import org.fanfare.msrp.MsrpUri;
import org.fanfare.pf.fanout.Descriptions;
import org.fanfare.sdp.Direction;
import org.fanfare.sdp.MessageMedia;
import org.fanfare.sdp.OfferAnswer;
import org.fanfare.sdp.Setup;
import org.fanfare.sip.Contact;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.uri.HostPort;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The 200 to the INVITE of a large message (8.2.1.2/200.1). The description is ours: there is one
/// for the sender, and one for each leg (8.2.1.2/200.5, 8.2.1.2/media, reading 3).
final class InviteAnswer {

    private final LargeMode large;
    private final MessageMedia offer;
    private final MsrpUri path;
    private final boolean toMany;
    private final Optional<SipResponse> leg;
    private final MessageMedia answer;

    /// @param path where our session takes the content
    /// @param toMany whether there is more than one recipient, or could be
    /// @param leg the first 2xx of a recipient, if there is one
    InviteAnswer(
            LargeMode large,
            MessageMedia offer,
            MsrpUri path,
            boolean toMany,
            Optional<SipResponse> leg) {
        this.large = large;
        this.offer = offer;
        this.path = path;
        this.toMany = toMany;
        this.leg = leg;
        answer =
                OfferAnswer.answer(
                        offer,
                        // 8.2.1.2/200.5.a 8.2.1.2/200.5.b
                        Descriptions.at(
                                MessageMedia.at(offer.secure(), offer.address(), offer.path())
                                        .withMaxSize(large.largest())
                                        .withFileSelector(offer.fileSelector())
                                        .withSetup(Setup.PASSIVE), // 8.2.1.2/200.5.d
                                path));
        // 8.2.1.2/200.5.e 8.2.1.2/200.5.e.omit by the rules of offer and answer;
        // 8.2.1.2/200.5.e.conn: path and c/m are ours either way
    }

    SipResponse.Builder to(SipRequest invite) {
        var receiving = answer.withDirection(Direction.RECVONLY); // 8.2.1.2/200.5.c
        var body = Descriptions.body(receiving, Descriptions.origin(path), List.of());
        return contact(invite.answer(200))
                // 8.2.1.2/200.3
                .header(CpmHeader.SERVER, ReleaseVersion.OMA_2_2.serverProduct())
                .body(body.contentType().toString(), body.body());
    }

    /// Who serves a group is named to the sender, who is asked to come by us all the same
    /// (8.2.1.2/200.2, 8.2.1.2/200.2.else). Of several recipients nobody is (reading 3).
    private SipResponse.Builder contact(SipResponse.Builder response) {
        var focus =
                leg.filter(_ -> !toMany)
                        .flatMap(l ->
                                l.contacts().stream().filter(InviteAnswer::isFocus).findFirst());
        if (focus.isEmpty()) {
            return response.header(
                    "Contact", "<" + large.contact() + ">;" + FeatureTag.of(ServiceId.LARGEMSG));
        }
        response.header("Record-Route", "<" + large.contact() + ";lr>");
        return response.header("Contact", focus.get().toString());
    }

    private static boolean isFocus(Contact contact) {
        return contact instanceof Contact.Address at && at.parameters().has("isfocus");
    }

    /// 8.2.1.2/200.4, reading 12.
    Duration interval() {
        return leg.flatMap(SipResponse::sessionExpires)
                .map(interval -> Duration.ofSeconds(interval.seconds()))
                .orElse(large.interval());
    }

    /// Where the sender waits for a connection: who offers to be passive gets no other answer.
    Optional<HostPort> connectTo() {
        return answer.setup() == Setup.ACTIVE
                ? Optional.of(OfferAnswer.connectTo(answer, offer))
                : Optional.empty();
    }
}
