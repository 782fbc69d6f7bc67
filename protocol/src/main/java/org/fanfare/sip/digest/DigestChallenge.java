package org.fanfare.sip.digest;

import org.fanfare.wire.MalformedMessage;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A `WWW-Authenticate` or `Proxy-Authenticate` value (RFC 3261 20.44, RFC 8760).
///
/// @param opaque to be sent back unchanged; empty when there is none
/// @param qops in the order of the server; none means that it is of the time before RFC 2617
/// @param stale the answer was right but for the nonce: try again without asking the user
public record DigestChallenge(
        String realm,
        String nonce,
        DigestAlgorithm algorithm,
        String opaque,
        List<Qop> qops,
        boolean stale) {

    public DigestChallenge {
        qops = List.copyOf(qops);
    }

    /// Empty when it is not one that we could answer: another scheme, an unknown algorithm or
    /// quality of protection, or not readable. Such a challenge is ignored (RFC 8760 2.4).
    public static Optional<DigestChallenge> parse(String value) {
        try {
            return DigestParameters.parse(value).flatMap(DigestChallenge::of);
        } catch (MalformedMessage e) {
            return Optional.empty();
        }
    }

    private static Optional<DigestChallenge> of(DigestParameters parameters) {
        var qops = qops(parameters);
        var algorithm = DigestAlgorithm.of(parameters.value("algorithm").orElse("MD5"));
        if ((qops.isEmpty() && parameters.value("qop").isPresent()) || algorithm.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new DigestChallenge(
                        parameters.required("realm"),
                        parameters.required("nonce"),
                        algorithm.get(),
                        parameters.value("opaque").orElse(""),
                        qops,
                        parameters.value("stale").orElse("").equalsIgnoreCase("true")));
    }

    private static List<Qop> qops(DigestParameters parameters) {
        var known = new ArrayList<Qop>();
        for (var token :
                parameters.value("qop").orElse("").toLowerCase(Locale.ROOT).split(",", -1)) {
            Qop.of(token.strip()).ifPresent(known::add);
        }
        return known;
    }

    /// The header field value.
    @Override
    public String toString() {
        var text = new DigestParameters.Writer().quoted("realm", realm).quoted("nonce", nonce);
        if (!qops.isEmpty()) {
            text.quoted("qop", String.join(",", qops.stream().map(Qop::token).toList()));
        }
        text.token("algorithm", algorithm.token());
        if (!opaque.isEmpty()) {
            text.quoted("opaque", opaque);
        }
        if (stale) {
            text.token("stale", "true");
        }
        return text.toString();
    }
}
