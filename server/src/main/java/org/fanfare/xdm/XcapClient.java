package org.fanfare.xdm;

import org.fanfare.wire.Octets;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Gets whole documents from an XCAP server (RFC 4825 7.2), on behalf of the users whose they are.
final class XcapClient implements AutoCloseable {

    private static final String TYPE = "application/auth-policy+xml";
    private static final String UNRESERVED = "-._~!$&'()*+,;=:@";

    private final XcapSettings settings;
    private final HttpClient http;

    XcapClient(XcapSettings settings) {
        this.settings = settings;
        http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(settings.connectWithin())
                        .build();
    }

    /// What the server says of a document.
    sealed interface Answer {

        /// It is this one.
        ///
        /// @param etag empty when the server named none
        record Document(Octets content, String etag) implements Answer {}

        /// The one that is known already.
        record Unchanged() implements Answer {}

        /// There is none that we may see, says a 4xx.
        ///
        /// @param status of the answer
        record Absent(int status) implements Answer {}
    }

    /// Asks for the rules of a user.
    ///
    /// @param etag of the document that is known; empty when none is
    /// @throws IOException when there is no answer in time, or one that says nothing of the
    ///   document
    Answer get(String user, String etag) throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(uri(user))
                        .header("Accept", TYPE)
                        .header("X-3GPP-Asserted-Identity", "\"" + user + "\"");
        if (!etag.isEmpty()) {
            request.header("If-None-Match", etag);
        }
        var response = exchange(request.build());
        int status = response.statusCode();
        if (status == 200) {
            return new Answer.Document(
                    Octets.of(response.body()), response.headers().firstValue("ETag").orElse(""));
        }
        if (status == 304 && !etag.isEmpty()) {
            return new Answer.Unchanged();
        }
        if (status / 100 == 4 && status != 401 && status != 407 && status != 408 && status != 429) {
            return new Answer.Absent(status);
        }
        throw new IOException("XCAP server answered " + status);
    }

    /// The time-out of a request of the JDK ends with the header fields; this one covers the body.
    private HttpResponse<byte[]> exchange(HttpRequest request)
            throws IOException, InterruptedException {
        var answer = http.sendAsync(request, _ -> new LimitedBody(settings.mostOctets()));
        try {
            return answer.get(settings.answerWithin().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no answer within " + settings.answerWithin(), e);
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    URI uri(String user) {
        var root = settings.root().toString();
        return URI.create(
                (root.endsWith("/") ? root : root + "/")
                        + settings.document().replace(XcapSettings.USER, escaped(user)));
    }

    /// An address as one segment of a path (RFC 4825 6.2): a slash in it parts nothing (I15).
    private static String escaped(String user) {
        var escaped = new StringBuilder();
        for (byte octet : user.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xff);
            boolean plain =
                    c < 0x80 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0);
            if (plain) {
                escaped.append(c);
            } else {
                escaped.append("%%%02X".formatted((int) c));
            }
        }
        return escaped.toString();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
