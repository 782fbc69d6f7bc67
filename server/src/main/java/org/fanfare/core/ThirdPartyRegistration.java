package org.fanfare.core;

import org.fanfare.mime.MediaType;
import org.fanfare.mime.MimeEntity;
import org.fanfare.mime.Multipart;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.transaction.ResponseListener;
import org.fanfare.sip.transaction.TransactionLayer;
import org.fanfare.sip.transport.Hop;
import org.fanfare.uri.HostPort;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.SipUri;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/// Tells the Participating Function of every registration, by a REGISTER of our own with that of
/// the client and the response to it in its body (3GPP TS 24.229 5.4.1.7).
final class ThirdPartyRegistration {

    private static final Logger LOG = LoggerFactory.getLogger(ThirdPartyRegistration.class);

    private static final MediaType SIP = MediaType.of("message", "sip");

    private final TransactionLayer service;
    private final Domain domain;
    private final String callId = UUID.randomUUID().toString();
    private long cseq;

    ThirdPartyRegistration(TransactionLayer service, Domain domain) {
        this.service = service;
        this.domain = domain;
    }

    /// Returns at once. Who is told can tell by CSeq what is newer.
    ///
    /// @param bindings makes the response that names the bindings as they are now
    synchronized void tell(
            Hop function,
            AddressOfRecord user,
            SipRequest register,
            Supplier<SipResponse> bindings) {
        var response = bindings.get();
        var body =
                Multipart.mixed(
                        List.of(
                                MimeEntity.of(SIP, register.encoded()),
                                MimeEntity.of(SIP, response.encoded())));
        var own = SipUri.of("scscf", HostPort.of(domain.name()));
        var at = function.address();
        var request =
                SipRequest.builder(
                                Method.REGISTER,
                                SipUri.of(
                                        HostPort.parse(
                                                literal(at.getAddress().getHostAddress())
                                                        + ":"
                                                        + at.getPort())))
                        .header("Max-Forwards", "70")
                        .header("From", NameAddress.of(own).withTag(UUID.randomUUID().toString()))
                        .header("To", NameAddress.of(user.uri(domain)))
                        .header("Call-ID", callId)
                        .header("CSeq", ++cseq + " REGISTER")
                        .header("Contact", NameAddress.of(own))
                        .header("Expires", response.contacts().isEmpty() ? "0" : "3600")
                        .body(body.type().toString(), body.toOctets())
                        .build();
        service.send(request, function, new Listener(user));
    }

    private static String literal(String address) {
        return address.indexOf(':') < 0 ? address : "[" + address + "]";
    }

    /// Nothing depends on the answer: the function may ask by itself.
    private record Listener(AddressOfRecord user) implements ResponseListener {

        @Override
        public void onFinal(SipResponse response) {
            if (!response.isSuccess()) {
                failed("answered " + response.status());
            }
        }

        @Override
        public void onTimeout() {
            failed("no answer");
        }

        @Override
        public void onTransportFailure(IOException cause) {
            failed(String.valueOf(cause.getMessage()));
        }

        private void failed(String reason) {
            LOG.info("event=third-party-register-failed user={} reason={}", user.user(), reason);
        }
    }
}
