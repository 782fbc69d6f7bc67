package org.fanfare.sip.digest;

import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.jspecify.annotations.Nullable;

import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/// An `Authorization` or `Proxy-Authorization` value of the Digest scheme (RFC 3261 20.7, RFC 7616
/// 3.4).
///
/// @param opaque empty when there is none
/// @param protection qop, cnonce and nc, which come together or not at all (RFC 2069)
public record DigestAnswer(
        String user,
        String realm,
        String nonce,
        String uri,
        String response,
        DigestAlgorithm algorithm,
        String opaque,
        @Nullable Protection protection) {

    private static final String SECTION = "RFC 7616 3.4";

    /// What the client adds against replay and chosen text.
    ///
    /// @param nonceCount how often the client has used the nonce, this time included
    public record Protection(Qop qop, String clientNonce, long nonceCount) {

        String nc() {
            return HexFormat.of().toHexDigits(nonceCount, 8);
        }
    }

    /// Empty for another scheme, or an algorithm or quality of protection that we do not have.
    ///
    /// @throws MalformedMessage when it cannot be read
    public static Optional<DigestAnswer> parse(String value) {
        return DigestParameters.parse(value).flatMap(DigestAnswer::of);
    }

    private static Optional<DigestAnswer> of(DigestParameters parameters) {
        var qop = parameters.value("qop");
        var algorithm = DigestAlgorithm.of(parameters.value("algorithm").orElse("MD5"));
        if (algorithm.isEmpty() || (qop.isPresent() && Qop.of(qop.get()).isEmpty())) {
            return Optional.empty();
        }
        return Optional.of(
                new DigestAnswer(
                        parameters.required("username"),
                        parameters.required("realm"),
                        parameters.required("nonce"),
                        parameters.required("uri"),
                        parameters.required("response").toLowerCase(Locale.ROOT),
                        algorithm.get(),
                        parameters.value("opaque").orElse(""),
                        qop.flatMap(Qop::of).map(q -> protection(q, parameters)).orElse(null)));
    }

    private static Protection protection(Qop qop, DigestParameters parameters) {
        var nc = parameters.required("nc");
        if (nc.length() != 8 || !nc.chars().allMatch(HexFormat::isHexDigit)) {
            throw new MalformedMessage("Digest nc: expected 8 hexadecimal digits", 0, SECTION);
        }
        return new Protection(
                qop, parameters.required("cnonce"), HexFormat.fromHexDigitsToLong(nc));
    }

    /// What `response` must be for one who knows the password (RFC 7616 3.4.1).
    String expectedResponse(String ha1, String method, Octets body) {
        return response(algorithm, ha1, nonce, protection, method, uri, body);
    }

    static String response(
            DigestAlgorithm algorithm,
            String ha1,
            String nonce,
            @Nullable Protection protection,
            String method,
            String uri,
            Octets body) {
        if (protection == null) { // RFC 2069, kept by RFC 2617 3.2.2.1
            return algorithm.hash(ha1 + ":" + nonce + ":" + algorithm.hash(method + ":" + uri));
        }
        var a2 =
                switch (protection.qop()) {
                    case AUTH -> method + ":" + uri;
                    case AUTH_INT -> method + ":" + uri + ":" + algorithm.hash(body);
                };
        return algorithm.hash(
                String.join(
                        ":",
                        ha1,
                        nonce,
                        protection.nc(),
                        protection.clientNonce(),
                        protection.qop().token(),
                        algorithm.hash(a2)));
    }

    /// The header field value.
    @Override
    public String toString() {
        var text =
                new DigestParameters.Writer()
                        .quoted("username", user)
                        .quoted("realm", realm)
                        .quoted("nonce", nonce)
                        .quoted("uri", uri) // RFC 8760 2.6: in quotation marks
                        .quoted("response", response)
                        .token("algorithm", algorithm.token());
        if (!opaque.isEmpty()) {
            text.quoted("opaque", opaque);
        }
        if (protection != null) {
            text.token("qop", protection.qop().token())
                    .quoted("cnonce", protection.clientNonce())
                    .token("nc", protection.nc());
        }
        return text.toString();
    }
}
