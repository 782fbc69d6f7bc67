package org.fanfare.sip;

import org.fanfare.uri.Uri;
import org.fanfare.wire.Cursor;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.fanfare.wire.Printable;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/// A SIP request (RFC 3261 7.1).
public final class SipRequest implements SipMessage {

    private final Method method;
    private final int uriStart;
    private final int uriEnd;
    private final Headers headers;
    private final Octets body;
    private final Octets encoded;
    private @Nullable Uri requestUri;

    SipRequest(Method method, int uriStart, int uriEnd, Headers headers, Octets body, int end) {
        var head = headers.head();
        this.method = method;
        this.uriStart = uriStart;
        this.uriEnd = uriEnd;
        this.headers = headers;
        this.body = body;
        this.encoded = Octets.of(head.array, head.start, end - head.start);
    }

    public static Builder builder(Method method, Uri requestUri) {
        return new Builder(method, requestUri.toString());
    }

    public Method method() {
        return method;
    }

    /// Where the request is to go (RFC 3261 8.1.1.1).
    ///
    /// @throws MalformedMessage when it is no URI
    public Uri requestUri() {
        var uri = requestUri;
        if (uri == null) {
            uri = readRequestUri(headers.head().limits());
            requestUri = uri;
        }
        return uri;
    }

    Uri readRequestUri(Limits limits) {
        var head = headers.head();
        var cursor =
                Cursor.over(
                        head.array, uriStart, uriEnd, head.start, "Request-URI", "RFC 3261 19.1.1");
        return Uri.read(cursor, limits);
    }

    /// As written, a URI or not.
    public String requestUriText() {
        return new String(
                headers.head().array, uriStart, uriEnd - uriStart, StandardCharsets.UTF_8);
    }

    @Override
    public Headers headers() {
        return headers;
    }

    @Override
    public Octets body() {
        return body;
    }

    @Override
    public Octets encoded() {
        return encoded;
    }

    /// With all fields in their order, unknown ones untouched.
    public Builder toBuilder() {
        return new Builder(method, requestUriText()).copyAll(headers).body(body);
    }

    /// An answer with the usual phrase: see [#answer(int, String)].
    public SipResponse.Builder answer(int status) {
        return answer(status, StatusCode.reasonPhrase(status));
    }

    /// An answer to this request: every Via, From, To, Call-ID and CSeq are copied as they came, in
    /// a 100 also Timestamp (RFC 3261 8.2.6). A tag for To is the caller's to add.
    public SipResponse.Builder answer(int status, String reason) {
        var answer = new SipResponse.Builder(status, reason);
        answer.copy(headers, Fields.VIA, true);
        answer.copy(headers, Fields.FROM, false);
        answer.copy(headers, Fields.TO, false);
        answer.copy(headers, Fields.CALL_ID, false);
        answer.copy(headers, Fields.CSEQ, false);
        if (status == StatusCode.TRYING) {
            headers.first(HeaderName.TIMESTAMP)
                    .ifPresent(value -> answer.header(HeaderName.TIMESTAMP, value));
        }
        return answer;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SipRequest that && encoded.equals(that.encoded);
    }

    @Override
    public int hashCode() {
        return encoded.hashCode();
    }

    /// The request line, for people.
    @Override
    public String toString() {
        return Printable.cut(method + " " + requestUriText(), 200);
    }

    /// Makes a request. Refuses what would break the message: CR, LF or NUL in a value.
    public static final class Builder extends MessageBuilder<Builder> {

        private Method method;
        private String requestUri;

        private Builder(Method method, String requestUri) {
            this.method = method;
            this.requestUri = requestUri;
        }

        @Override
        Builder self() {
            return this;
        }

        public Builder method(Method other) {
            method = other;
            return this;
        }

        public Builder requestUri(Uri other) {
            requestUri = other.toString();
            return this;
        }

        /// Writes the request, with a Content-Length that fits.
        public SipRequest build() {
            checkUri();
            var line = method + " " + requestUri + " SIP/2.0";
            var written = write(line);
            int uriStart = method.name().length() + 1;
            int uriEnd = line.getBytes(StandardCharsets.UTF_8).length - " SIP/2.0".length();
            return new SipRequest(
                    method,
                    uriStart,
                    uriEnd,
                    new Headers(written.head()),
                    written.body(),
                    written.end());
        }

        private void checkUri() {
            if (requestUri.isEmpty() || requestUri.chars().anyMatch(c -> c <= ' ')) {
                throw new IllegalArgumentException(
                        "Request-URI: empty, or a blank or control character in it");
            }
        }
    }
}
