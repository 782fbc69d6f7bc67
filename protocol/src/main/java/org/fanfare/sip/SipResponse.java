package org.fanfare.sip;

import org.fanfare.uri.NameAddress;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.fanfare.wire.Printable;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/// A SIP response (RFC 3261 7.2).
public final class SipResponse implements SipMessage {

    private final int status;
    private final int reasonStart;
    private final Headers headers;
    private final Octets body;
    private final Octets encoded;

    SipResponse(int status, int reasonStart, Headers headers, Octets body, int end) {
        var head = headers.head();
        this.status = status;
        this.reasonStart = reasonStart;
        this.headers = headers;
        this.body = body;
        this.encoded = Octets.of(head.array, head.start, end - head.start);
    }

    /// Not an answer to any request: see [SipRequest#answer(int)] for that.
    public static Builder builder(int status, String reason) {
        return new Builder(status, reason);
    }

    public int status() {
        return status;
    }

    public boolean isProvisional() {
        return StatusCode.isProvisional(status);
    }

    public boolean isSuccess() {
        return StatusCode.isSuccess(status);
    }

    /// For people, in any language; may be empty.
    public String reason() {
        var head = headers.head();
        int length = Math.max(0, head.startLineEnd() - reasonStart);
        return new String(head.array, reasonStart, length, StandardCharsets.UTF_8);
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
        return new Builder(status, reason()).copyAll(headers).body(body);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SipResponse that && encoded.equals(that.encoded);
    }

    @Override
    public int hashCode() {
        return encoded.hashCode();
    }

    /// The status line, for people.
    @Override
    public String toString() {
        return Printable.cut(status + " " + reason(), 200);
    }

    /// Makes a response. Refuses what would break the message: CR, LF or NUL in a value.
    public static final class Builder extends MessageBuilder<Builder> {

        private final int status;
        private final String reason;

        Builder(int status, String reason) {
            if (status < 100 || status > 699) {
                throw new IllegalArgumentException("status " + status + ": not from 100 to 699");
            }
            checkWritable("reason phrase", reason);
            this.status = status;
            this.reason = reason;
        }

        @Override
        Builder self() {
            return this;
        }

        public int status() {
            return status;
        }

        /// Adds the tag to To, unless it has one (RFC 3261 8.2.6.2). A To that cannot be read stays
        /// as it is.
        public Builder toTag(String tag) {
            var to = first(HeaderName.TO);
            if (to.isPresent() && !hasTag(to.get())) {
                extend(HeaderName.TO, ";tag=" + tag);
            }
            return this;
        }

        private static boolean hasTag(String to) {
            try {
                return NameAddress.parse(to).tag().isPresent();
            } catch (MalformedMessage _) {
                return true;
            }
        }

        /// Writes the response, with a Content-Length that fits.
        public SipResponse build() {
            var line = "SIP/2.0 " + status + " " + reason;
            var written = write(line);
            return new SipResponse(
                    status,
                    "SIP/2.0 200 ".length(),
                    new Headers(written.head()),
                    written.body(),
                    written.end());
        }
    }
}
