package org.fanfare.client;

import org.fanfare.cpim.CpimMessage;
import org.fanfare.cpm.ServiceId;
import org.fanfare.mime.MediaType;
import org.fanfare.mime.MimeEntity;
import org.fanfare.mime.Multipart;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Sending a Pager Mode CPM Standalone Message (7.2.1.1): the steps that make the request. Sending
/// it and reading the answer is [CpmClient]'s.
final class PagerMode {

    private final ClientSettings settings;
    private final RequestFields fields;

    PagerMode(ClientSettings settings, InstantSource clock, Tokens tokens) {
        this.settings = settings;
        this.fields = new RequestFields(settings, clock, tokens);
    }

    /// The message ready to be sent; empty when it is too large for this mode.
    Optional<ComposedMessage> compose(Draft draft) {
        return draft.size() > settings.provisioning().switchoverSize()
                ? Optional.empty() // 7.2.1.3/size, limit/1300.client; reading 5
                : Optional.of(new ComposedMessage(request(draft), draft)) // 7.2.1.3/size.else
                        .filter(this::isRequestSmallEnough);
    }

    private SipRequest request(Draft draft) {
        var message = draft.message();
        var destination = draft.destination();
        var request = fields.start(Method.MESSAGE, draft); // 7.2.1.1/0 and 8 to 11
        fields.setAcceptContact(request, ServiceId.MSG); // 7.2.1.1/1
        fields.setPreferredIdentity(request); // 7.2.1.1/2
        // 7.2.1.1/3: 7.2.1.1/3.b, reading 18; else 7.2.1.1/3.a
        fields.setPreferredService(request, ServiceId.MSG.forGroup(destination.isGroup()));
        fields.setReplyTo(request, message); // 7.2.1.1/4
        fields.setUserAgent(request); // 7.2.1.1/5
        fields.setPrivacy(request, message); // 7.2.1.1/6
        fields.setExpires(request, message, "Expires"); // 7.2.1.1/7, RFC 3428 4 and 7
        fields.setIdentifiers(request, draft.ids()); // 7.2.1.1/12 and 13
        // 7.2.1.1/14, 7.2.1.1/14.ft, 7.2.1.1/14.session
        fields.setInReplyTo(request, message);
        fields.setSubject(request, message);
        setBody(request, draft.cpim(), destination); // 7.2.1.1/15, 7.2.1.1/16
        return request.build();
    }

    /// The CPIM message, and with it the list where there is one (7.2.1.1/9.b, 11.b; reading 6).
    private static void setBody(
            SipRequest.Builder request, CpimMessage cpim, Destination destination) {
        if (destination.recipients().isEmpty()) {
            request.body(MediaType.CPIM.toString(), cpim.toOctets());
            return;
        }
        var multipart =
                Multipart.mixed(
                        List.of(
                                destination.list(),
                                MimeEntity.of(MediaType.CPIM, cpim.toOctets())));
        request.header("Require", "recipient-list-message"); // RFC 5365 5
        request.header("MIME-Version", "1.0");
        request.body(multipart.type().toString(), multipart.toOctets());
    }

    private boolean isRequestSmallEnough(ComposedMessage composed) { // reading 5
        var limit = settings.provisioning().maxRequestSize();
        return limit.isEmpty() || composed.request().encoded().length() <= limit.getAsInt();
    }
}
