package org.fanfare.pf;

import org.fanfare.cpm.CpmWarning;
import org.fanfare.sip.HeaderName;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.digest.DigestServer;
import org.fanfare.uri.HostPort;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.Parameters;
import org.fanfare.uri.SipUri;

import java.util.List;

/// How a user whom no trusted neighbour vouches for shows who he is.
public sealed interface Authentication {

    /// Who it is, or a refusal when he does not show it.
    Originator authenticate(SipRequest request) throws Refusal;

    /// Not at all: only trusted neighbours may send.
    record None() implements Authentication {

        @Override
        public Originator authenticate(SipRequest request) throws Refusal {
            throw new Refusal(403, CpmWarning.SERVICE_NOT_AUTHORISED);
        }
    }

    /// By saying so in From. For a laboratory; whoever configures it is told loudly.
    record Insecure() implements Authentication {

        @Override
        public Originator authenticate(SipRequest request) {
            var from = request.from().withParameters(Parameters.NONE);
            return new Originator(List.of(NameAddress.of(from.uri())));
        }
    }

    /// By digest (RFC 3261 22): a user is `sip:user@domain`.
    record Digest(DigestServer server, HostPort domain) implements Authentication {

        @Override
        public Originator authenticate(SipRequest request) throws Refusal {
            return switch (server.check(request)) {
                case DigestServer.Verified(var user) ->
                        new Originator(List.of(NameAddress.of(SipUri.of(user, domain))));
                case DigestServer.Challenged(var response, _) -> throw challenge(response);
            };
        }

        private static Refusal challenge(SipResponse response) {
            var refusal = new Refusal(response.status(), "");
            for (var field : response.headers()) {
                if (field.name().equalsIgnoreCase(HeaderName.WWW_AUTHENTICATE)) {
                    refusal.with(field.name(), field.value());
                }
            }
            return refusal;
        }
    }
}
