package org.fanfare.sdp;

import org.fanfare.uri.HostPort;
import org.fanfare.wire.Cursor;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a description says about its one message session (RFC 4975 8): the m=message section with
/// what belongs to it.
///
/// @param secure `TCP/TLS/MSRP`, else `TCP/MSRP`
/// @param address that of the c= line with the port of the m= line: where to connect by RFC 6714
/// @param path MSRP URIs as written, the nearest one first
/// @param setup null where nothing is said: the offerer connects (RFC 4975 5.4)
/// @param acceptTypes media types as written, or `*`
/// @param acceptWrappedTypes the same for what may stand in a container; empty for any
/// @param fileSelector null when there is none
/// @param cema whether the connection may be made to c= and m= (RFC 6714)
/// @param maxSize octets of a message; -1 when nothing is said
public record MessageMedia(
        boolean secure,
        HostPort address,
        List<String> path,
        @Nullable Setup setup,
        List<String> acceptTypes,
        List<String> acceptWrappedTypes,
        @Nullable FileSelector fileSelector,
        boolean cema,
        long maxSize,
        Direction direction) {

    private static final String SECTION = "RFC 4975 8";
    private static final int NOT_ACCEPTABLE_HERE = 488;
    private static final long NO_MAX_SIZE = -1;
    private static final String MEDIA = "message";
    private static final String PLAIN = "TCP/MSRP";
    private static final String TLS = "TCP/TLS/MSRP";
    private static final String PATH = "path";
    private static final String SETUP = "setup";
    private static final String ACCEPT_TYPES = "accept-types";
    private static final String ACCEPT_WRAPPED_TYPES = "accept-wrapped-types";
    private static final String FILE_SELECTOR = "file-selector";
    private static final String CEMA = "msrp-cema";
    private static final String MAX_SIZE = "max-size";

    public MessageMedia {
        path = List.copyOf(path);
        acceptTypes = List.copyOf(acceptTypes);
        acceptWrappedTypes = List.copyOf(acceptWrappedTypes);
    }

    /// A session of ours that sends and receives `message/cpim` with anything in it; see the `with`
    /// methods.
    ///
    /// @param address where we listen; an IPv6 address with its brackets
    /// @param path ends in our own URI
    public static MessageMedia at(boolean secure, HostPort address, List<String> path) {
        return new MessageMedia(
                secure,
                address,
                path,
                null,
                List.of("message/cpim"),
                List.of("*"),
                null,
                false,
                NO_MAX_SIZE,
                Direction.SENDRECV);
    }

    /// With the limits that are the default: see [#of(SessionDescription, Limits)].
    public static MessageMedia of(SessionDescription description) {
        return of(description, Limits.DEFAULT);
    }

    /// Reads the one message session that a description is about.
    ///
    /// @throws MalformedMessage with 488 when there is none, it has no port, there are other media,
    ///   or something in it is malformed
    public static MessageMedia of(SessionDescription description, Limits limits) {
        if (description.media().size() != 1) {
            throw unacceptable(
                    "expected one media section, found " + description.media().size(), 0);
        }
        return new Reader(description, description.media().getFirst(), limits).read();
    }

    private static MalformedMessage unacceptable(String what, int offset) {
        return new MalformedMessage("SDP: " + what, offset, SECTION, NOT_ACCEPTABLE_HERE);
    }

    /// Reads one media section.
    private record Reader(SessionDescription whole, MediaDescription section, Limits limits) {

        MessageMedia read() {
            boolean secure = readProtocol();
            var connection = whole.connection(section);
            return new MessageMedia(
                    secure,
                    new HostPort(connection.host(), section.port()),
                    readPath(secure),
                    once(SETUP).map(this::readSetup).orElse(null),
                    types(ACCEPT_TYPES, true),
                    types(ACCEPT_WRAPPED_TYPES, false),
                    once(FILE_SELECTOR).map(Reader::readSelector).orElse(null),
                    once(CEMA).isPresent(),
                    once(MAX_SIZE).map(this::readMaxSize).orElse(NO_MAX_SIZE),
                    readDirection());
        }

        private boolean readProtocol() {
            if (!section.media().equals(MEDIA)) {
                throw fault("expected m=message, found another medium");
            }
            boolean tls = section.protocol().equals(TLS);
            if (!tls && !section.protocol().equals(PLAIN)) {
                throw fault("expected the protocol TCP/MSRP or TCP/TLS/MSRP, found another one");
            }
            if (!section.formats().equals(List.of("*"))) {
                throw fault("expected * as the format of m=message");
            }
            if (section.port() == 0) {
                throw fault("expected a port, found 0: no session is wanted");
            }
            return tls;
        }

        /// As several attributes no more than as one (RFC 4975 8.1).
        private Optional<String> once(String name) {
            var values = section.attributes(name);
            if (values.size() > 1) {
                throw fault("a=" + name + ": expected one, found " + values.size());
            }
            return values.stream().findFirst();
        }

        private List<String> readPath(boolean secure) {
            var path =
                    words(once(PATH).orElseThrow(() -> fault("a=path: expected one, found none")));
            if (path.isEmpty() || path.size() > limits.sdpPathUris()) {
                throw fault(
                        "a=path: expected 1 to %d URIs, found %d"
                                .formatted(limits.sdpPathUris(), path.size()));
            }
            if (pathUris(path).getFirst().secure() != secure) {
                throw fault("a=path: expected a scheme that fits the protocol of m=message");
            }
            return path;
        }

        private List<PathUri> pathUris(List<String> path) {
            try {
                return path.stream().map(PathUri::read).toList();
            } catch (MalformedMessage malformed) {
                throw fault(malformed.reason());
            }
        }

        private Setup readSetup(String value) {
            return Setup.parse(value)
                    .orElseThrow(() -> fault("a=setup: expected active, passive or actpass"));
        }

        private List<String> types(String name, boolean needed) {
            var values = once(name);
            if (values.isEmpty() && needed) {
                throw fault("a=" + name + ": expected one, found none");
            }
            var types = words(values.orElse(""));
            if (needed && types.isEmpty()) {
                throw fault("a=" + name + ": expected a media type");
            }
            for (var type : types) {
                if (!isType(type)) {
                    throw fault("a=" + name + ": expected media types or *");
                }
            }
            return types;
        }

        private static FileSelector readSelector(String value) {
            var selector = new FileSelector(value);
            selector.size();
            return selector;
        }

        private long readMaxSize(String value) {
            try {
                var cursor = Cursor.over(value, "a=max-size", SECTION);
                long size = cursor.expectNumber("a size", Long.MAX_VALUE / 10 - 1);
                cursor.expectEnd();
                return size;
            } catch (MalformedMessage malformed) {
                throw fault(malformed.reason());
            }
        }

        /// That of the session where the section has none (RFC 8866 6.7).
        private Direction readDirection() {
            for (var direction : Direction.values()) {
                if (!section.attributes(direction.toString()).isEmpty()) {
                    return direction;
                }
            }
            for (var direction : Direction.values()) {
                if (!whole.attributes(direction.toString()).isEmpty()) {
                    return direction;
                }
            }
            return Direction.SENDRECV;
        }

        private MalformedMessage fault(String what) {
            return unacceptable(what, section.lines().getFirst().offset());
        }
    }

    private static List<String> words(String text) {
        var words = new ArrayList<String>();
        for (var word : text.split(" ", -1)) {
            if (!word.isEmpty()) {
                words.add(word);
            }
        }
        return words;
    }

    private static boolean isType(String text) {
        int semicolon = text.indexOf(';');
        var type = semicolon < 0 ? text : text.substring(0, semicolon);
        int slash = type.indexOf('/');
        return type.equals("*")
                || (slash > 0
                        && Cursor.isToken(type.substring(0, slash))
                        && Cursor.isToken(type.substring(slash + 1)));
    }

    /// Whether content of this type may be sent as it is (RFC 4975 8.6).
    public boolean accepts(String type) {
        return matches(acceptTypes, type);
    }

    /// Whether content of this type may be sent in a container such as `message/cpim`.
    public boolean acceptsWrapped(String type) {
        return accepts(type) || acceptWrappedTypes.isEmpty() || matches(acceptWrappedTypes, type);
    }

    private static boolean matches(List<String> accepted, String type) {
        var wanted = essence(type);
        int slash = wanted.indexOf('/');
        var all = (slash < 0 ? wanted : wanted.substring(0, slash)) + "/*";
        return accepted.stream()
                .map(MessageMedia::essence)
                .anyMatch(entry -> entry.equals("*") || entry.equals(all) || entry.equals(wanted));
    }

    private static String essence(String type) {
        int semicolon = type.indexOf(';');
        return (semicolon < 0 ? type : type.substring(0, semicolon))
                .strip()
                .toLowerCase(Locale.ROOT);
    }

    /// Whether a message of so many octets, or of -1 for unknown, is not larger than wanted (RFC
    /// 4975 8.6).
    public boolean takes(long octets) {
        return maxSize == NO_MAX_SIZE || octets <= maxSize;
    }

    /// How much is announced to come: that of the file selector, or -1.
    public long announcedSize() {
        return fileSelector == null ? -1 : fileSelector.size().orElse(-1);
    }

    /// Whether c= and m= say the same as the nearest URI of the path (RFC 6714 4.4). Names are
    /// compared as they are written: none is looked up.
    public boolean addressMatchesPath() {
        var nearest = PathUri.read(path.getFirst()).at();
        return nearest.sameHost(address) && nearest.port() == address.port();
    }

    public MessageMedia withSetup(Setup other) {
        return new MessageMedia(
                secure,
                address,
                path,
                other,
                acceptTypes,
                acceptWrappedTypes,
                fileSelector,
                cema,
                maxSize,
                direction);
    }

    public MessageMedia withTypes(List<String> accept, List<String> wrapped) {
        return new MessageMedia(
                secure,
                address,
                path,
                setup,
                accept,
                wrapped,
                fileSelector,
                cema,
                maxSize,
                direction);
    }

    public MessageMedia withFileSelector(@Nullable FileSelector other) {
        return new MessageMedia(
                secure,
                address,
                path,
                setup,
                acceptTypes,
                acceptWrappedTypes,
                other,
                cema,
                maxSize,
                direction);
    }

    public MessageMedia withCema(boolean other) {
        return new MessageMedia(
                secure,
                address,
                path,
                setup,
                acceptTypes,
                acceptWrappedTypes,
                fileSelector,
                other,
                maxSize,
                direction);
    }

    public MessageMedia withMaxSize(long octets) {
        return new MessageMedia(
                secure,
                address,
                path,
                setup,
                acceptTypes,
                acceptWrappedTypes,
                fileSelector,
                cema,
                octets,
                direction);
    }

    public MessageMedia withDirection(Direction other) {
        return new MessageMedia(
                secure,
                address,
                path,
                setup,
                acceptTypes,
                acceptWrappedTypes,
                fileSelector,
                cema,
                maxSize,
                other);
    }

    /// A whole description with nothing else in it.
    public SessionDescription describe(Origin origin) {
        return SessionDescription.of(origin, List.of(lines()));
    }

    private List<Line> lines() {
        var lines = new ArrayList<Line>();
        lines.add(Line.of('m', MEDIA + " " + address.port() + " " + (secure ? TLS : PLAIN) + " *"));
        lines.add(Line.of('c', Connection.of(address.hostWithoutBrackets()).toString()));
        add(lines, direction.toString());
        add(lines, ACCEPT_TYPES + ":" + String.join(" ", acceptTypes));
        if (!acceptWrappedTypes.isEmpty()) {
            add(lines, ACCEPT_WRAPPED_TYPES + ":" + String.join(" ", acceptWrappedTypes));
        }
        if (setup != null) {
            add(lines, SETUP + ":" + setup);
        }
        add(lines, PATH + ":" + String.join(" ", path));
        if (fileSelector != null) {
            add(lines, FILE_SELECTOR + (fileSelector.text().isEmpty() ? "" : ":" + fileSelector));
        }
        if (cema) {
            add(lines, CEMA);
        }
        if (maxSize >= 0) {
            add(lines, MAX_SIZE + ":" + maxSize);
        }
        return lines;
    }

    private static void add(List<Line> lines, String attribute) {
        lines.add(Line.of('a', attribute));
    }
}
