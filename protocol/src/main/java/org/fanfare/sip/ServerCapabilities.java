package org.fanfare.sip;

import org.fanfare.uri.NameAddress;
import org.fanfare.uri.SipUri;
import org.fanfare.uri.TelUri;
import org.fanfare.uri.Uri;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What a server does and understands, and thereby which requests it refuses before it looks at
/// what they want (RFC 3261 8.2.1 to 8.2.3). The request must have passed [MessageRules].
///
/// @param methods those that are served here; written in Allow
/// @param schemes of Request-URIs, in lower case
/// @param extensions option tags that may be required
/// @param contentTypes of bodies, also `text/*` and `*/*`; written in Accept
/// @param contentEncodings in lower case; written in Accept-Encoding
public record ServerCapabilities(
        List<Method> methods,
        Set<String> schemes,
        Set<String> extensions,
        List<ContentType> contentTypes,
        Set<String> contentEncodings) {

    /// A server of messages and sessions that takes every kind of content.
    public static final ServerCapabilities DEFAULT =
            new ServerCapabilities(
                    List.of(
                            Method.MESSAGE,
                            Method.INVITE,
                            Method.ACK,
                            Method.CANCEL,
                            Method.BYE,
                            Method.OPTIONS),
                    Set.of("sip", "sips", "tel"),
                    Set.of("recipient-list-message", "recipient-list-invite", "timer", "100rel"),
                    List.of(ContentType.of("*/*")),
                    Set.of("identity", "gzip", "deflate"));

    private static final ContentType SDP = ContentType.of("application/sdp");

    public ServerCapabilities {
        methods = List.copyOf(methods);
        schemes = Set.copyOf(schemes);
        extensions = Set.copyOf(extensions);
        contentTypes = List.copyOf(contentTypes);
        contentEncodings = Set.copyOf(contentEncodings);
    }

    public ServerCapabilities withMethods(List<Method> others) {
        return new ServerCapabilities(others, schemes, extensions, contentTypes, contentEncodings);
    }

    public ServerCapabilities withExtensions(Set<String> others) {
        return new ServerCapabilities(methods, schemes, others, contentTypes, contentEncodings);
    }

    public ServerCapabilities withContentTypes(List<ContentType> others) {
        return new ServerCapabilities(methods, schemes, extensions, others, contentEncodings);
    }

    public ServerCapabilities withContentEncodings(Set<String> others) {
        return new ServerCapabilities(methods, schemes, extensions, contentTypes, others);
    }

    /// The answer to a request that can not be served, in the order of RFC 3261 8.2; empty when
    /// nothing speaks against it.
    public Optional<SipResponse.Builder> refusal(SipRequest request) {
        if (request.method().equals(Method.ACK)) {
            return Optional.empty();
        }
        return refuseMethod(request)
                .or(() -> refuseScheme(request))
                .or(() -> refuseIdentity(request))
                .or(() -> refuseExtension(request))
                .or(() -> refuseContent(request))
                .or(() -> refuseAnswerType(request));
    }

    private Optional<SipResponse.Builder> refuseMethod(SipRequest request) { // RFC 3261 8.2.1
        if (methods.contains(request.method())) {
            return Optional.empty();
        }
        int status =
                request.method().isKnown()
                        ? StatusCode.METHOD_NOT_ALLOWED
                        : StatusCode.NOT_IMPLEMENTED;
        return Optional.of(request.answer(status).header(HeaderName.ALLOW, allow()));
    }

    /// The value of Allow.
    public String allow() {
        return join(methods);
    }

    private static String join(List<?> values) {
        return values.stream().map(Object::toString).collect(Collectors.joining(", "));
    }

    private Optional<SipResponse.Builder> refuseScheme(SipRequest request) { // RFC 3261 8.2.2.1
        if (!schemes.contains(request.requestUri().scheme())) {
            return Optional.of(request.answer(StatusCode.UNSUPPORTED_URI_SCHEME));
        }
        boolean register = request.method().equals(Method.REGISTER);
        return register && !isUser(request.to().uri()) // RFC 4475 3.3.4
                ? badRequest(request, "To: expected a sip or tel URI")
                : Optional.empty();
    }

    private static boolean isUser(Uri uri) {
        return uri instanceof SipUri || uri instanceof TelUri;
    }

    private static Optional<SipResponse.Builder> badRequest(SipRequest request, String why) {
        return Optional.of(request.answer(StatusCode.BAD_REQUEST, "Bad Request - " + why));
    }

    /// NUL can be written in a quoted string and in a user name, and whoever takes it for an end
    /// reads another name. A registrar keeps names as they are (RFC 4475 3.1.1.4); nobody else has
    /// a use for it.
    private Optional<SipResponse.Builder> refuseIdentity(SipRequest request) {
        if (request.method().equals(Method.REGISTER)) {
            return Optional.empty();
        }
        var addresses = new ArrayList<NameAddress>();
        addresses.add(request.from());
        addresses.add(request.to());
        addresses.addAll(request.assertedIdentities());
        addresses.addAll(request.preferredIdentities());
        request.replyTo().ifPresent(addresses::add);
        return addresses.stream().anyMatch(ServerCapabilities::hasNul)
                ? badRequest(request, "NUL in an address")
                : Optional.empty();
    }

    private static boolean hasNul(NameAddress address) {
        boolean name = address.displayName().indexOf('\0') >= 0;
        return name
                || (address.uri() instanceof SipUri uri
                        && uri.user().filter(u -> u.indexOf('\0') >= 0).isPresent());
    }

    private Optional<SipResponse.Builder> refuseExtension(SipRequest request) { // RFC 3261 8.2.2.3
        if (request.method().equals(Method.CANCEL)) {
            return Optional.empty();
        }
        var unknown = request.require().stream().filter(tag -> !isExtension(tag)).toList();
        return unknown.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        request.answer(StatusCode.BAD_EXTENSION)
                                .header(HeaderName.UNSUPPORTED, join(unknown)));
    }

    private boolean isExtension(String tag) {
        return extensions.stream().anyMatch(tag::equalsIgnoreCase);
    }

    private Optional<SipResponse.Builder> refuseContent(SipRequest request) { // RFC 3261 8.2.3
        boolean optional =
                request.contentDisposition()
                        .flatMap(d -> d.parameters().value("handling"))
                        .filter("optional"::equalsIgnoreCase)
                        .isPresent();
        if (request.body().isEmpty() || optional) {
            return Optional.empty();
        }
        var type = request.contentType();
        boolean known =
                type.isEmpty() || contentTypes.stream().anyMatch(c -> c.accepts(type.get().type()));
        boolean decoded = request.contentEncodings().stream().allMatch(c -> isEncoding(c));
        if (known && decoded) {
            return Optional.empty();
        }
        return Optional.of(
                request.answer(StatusCode.UNSUPPORTED_MEDIA_TYPE)
                        .header(HeaderName.ACCEPT, join(contentTypes))
                        .header(
                                HeaderName.ACCEPT_ENCODING,
                                contentEncodings.stream()
                                        .sorted()
                                        .collect(Collectors.joining(", "))));
    }

    private boolean isEncoding(String coding) {
        return contentEncodings.stream().anyMatch(coding::equalsIgnoreCase);
    }

    /// The answer to an INVITE is SDP, and the caller must take it (RFC 3261 20.1, RFC 4475
    /// 3.3.15).
    private Optional<SipResponse.Builder> refuseAnswerType(SipRequest request) {
        if (!request.method().equals(Method.INVITE) || !request.headers().has(HeaderName.ACCEPT)) {
            return Optional.empty();
        }
        return request.accept().stream().anyMatch(range -> range.accepts(SDP.type()))
                ? Optional.empty()
                : Optional.of(request.answer(StatusCode.NOT_ACCEPTABLE));
    }
}
