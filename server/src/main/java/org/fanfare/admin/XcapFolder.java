package org.fanfare.admin;

import org.fanfare.wire.Octets;
import org.fanfare.wire.Sha256;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The files of a folder as an XCAP root (RFC 4825), to be read only: the document
/// `AUID/users/XUI/NAME` is the file of that path. For the lab beside the embedded core.
///
/// A user sees his own documents, and is the one whom `X-3GPP-Asserted-Identity` names (I15).
public final class XcapFolder implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(XcapFolder.class);

    private static final int MOST_OCTETS = 1 << 20;
    private static final int SEGMENTS = 4;
    private static final String TYPE = "application/auth-policy+xml";

    private final JdkHttpServer server;

    private XcapFolder(JdkHttpServer server) {
        this.server = server;
    }

    /// Serves a folder at an address; port 0 takes a free one.
    ///
    /// @throws IOException when the folder is none, or the address cannot be had
    public static XcapFolder start(InetSocketAddress address, Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException("there is no folder " + folder);
        }
        var root = folder.toRealPath();
        return new XcapFolder(JdkHttpServer.start(address, request -> answer(root, request)));
    }

    /// The XCAP root, with the real port.
    public URI root() {
        var address = server.address();
        var literal = address.getAddress().getHostAddress();
        var host = literal.indexOf(':') < 0 ? literal : "[" + literal + "]";
        return URI.create("http://" + host + ":" + address.getPort());
    }

    private static HttpResponse answer(Path root, HttpRequest request) {
        try {
            if (!List.of("GET", "HEAD").contains(request.method())) {
                return empty(405).withHeader("Allow", "GET, HEAD");
            }
            var segments = request.segments();
            if (segments.size() != SEGMENTS || !segments.stream().allMatch(XcapFolder::isName)) {
                return empty(404);
            }
            if (!segments.get(1).equals("users") || !isAskedBy(segments.get(2), request)) {
                return empty(403);
            }
            return document(root, root.resolve(String.join("/", segments)), request);
        } catch (HttpRefusal refusal) {
            return empty(400);
        } catch (IOException e) {
            LOG.warn("event=xcap-folder path={} reason=\"{}\"", request.path(), e.getMessage());
            return empty(500);
        }
    }

    /// Nothing that would lead out of its folder.
    private static boolean isName(String segment) {
        return !segment.isEmpty()
                && !segment.startsWith(".")
                && segment.chars().noneMatch(c -> c == '/' || c == '\\' || c < ' ');
    }

    private static boolean isAskedBy(String user, HttpRequest request) {
        return request.header("x-3gpp-asserted-identity")
                .map(identity -> identity.strip().replaceAll("^\"|\"$", ""))
                .filter(user::equals)
                .isPresent();
    }

    private static HttpResponse document(Path root, Path file, HttpRequest request)
            throws IOException {
        if (!Files.isRegularFile(file)
                || !file.toRealPath().startsWith(root)
                || Files.size(file) > MOST_OCTETS) {
            return empty(404);
        }
        var octets = Files.readAllBytes(file);
        var etag = "\"" + Sha256.hex(octets, 16) + "\"";
        var known = request.header("if-none-match").filter(etag::equals).isPresent();
        return known
                ? empty(304).withHeader("ETag", etag)
                : new HttpResponse(200, TYPE, Octets.of(octets), Map.of("ETag", etag));
    }

    private static HttpResponse empty(int status) {
        return new HttpResponse(status, "text/plain", Octets.EMPTY, Map.of());
    }

    @Override
    public void close() {
        server.close();
    }
}
