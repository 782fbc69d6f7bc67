package org.fanfare.server;

import org.fanfare.pf.TrustedPeer;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.ListenPoint;
import org.fanfare.uri.SipUri;
import org.fanfare.uri.Uri;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What the text of a setting means, by the type that is wanted. Every refusal is an
/// [IllegalArgumentException] that says what was expected.
final class Values {

    private static final String EMBEDDED = "embedded";
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,9})(KiB|MiB|GiB)");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,18}");
    private static final Pattern GLOB = Pattern.compile("(?!.*\\s)(\\*|sip:|sips:|tel:).*");

    private static final Map<String, Long> UNITS =
            Map.of("KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);

    private Values() {}

    static Object of(Class<?> type, Node node, boolean isSize, long least) {
        if (type == boolean.class) {
            return bool(node);
        }
        if (type == int.class || type == Integer.class) {
            return (int) number(node, isSize, least, Integer.MAX_VALUE);
        }
        if (type == long.class) {
            return number(node, isSize, least, Long.MAX_VALUE);
        }
        if (type == Duration.class) {
            return duration(node);
        }
        var text = text(node);
        if (type == String.class) {
            return text;
        } else if (type.isEnum()) {
            return constant(type, text);
        } else if (type == Path.class) {
            return path(text);
        } else if (type == URI.class) {
            return url(text);
        } else if (type == InetSocketAddress.class) {
            return address(text);
        } else if (type == TrustedPeer.class) {
            return TrustedPeer.parse(text);
        } else if (type == SipUri.class) {
            return sipUri(text);
        } else if (type == ListenPoint.class) {
            return ListenPoint.parse(text);
        } else if (type == Hop.class) {
            return Hop.parse(text);
        } else if (type == Configuration.Route.class) {
            return route(text);
        }
        throw new IllegalStateException("no way to read a " + type);
    }

    /// The items of a list. On the command line a single item needs no brackets.
    static List<Node> items(Node node) {
        return switch (node) {
            case Node.Sequence(var items, _) -> items;
            case Node.Scalar scalar when scalar.place().isOption() && !scalar.isNull() ->
                    List.of(scalar);
            case Node.Scalar _, Node.Mapping _ -> throw wrongType("a list", node);
        };
    }

    static List<String> patterns(Node node) {
        if (node instanceof Node.Scalar(var kind, var text, _) && kind == Node.Kind.BOOLEAN) {
            return text.equals("true") ? List.of("*") : List.of();
        }
        return items(node).stream().map(Values::pattern).toList();
    }

    private static String pattern(Node node) {
        var text = text(node);
        if (!GLOB.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "expected a pattern such as sip:*@home.example or tel:+44*, found "
                            + node.inline());
        }
        return text;
    }

    private static boolean bool(Node node) {
        if (node instanceof Node.Scalar(var kind, var text, _) && kind == Node.Kind.BOOLEAN) {
            return text.equals("true");
        }
        throw wrongType("true or false", node);
    }

    private static long number(Node node, boolean isSize, long least, long max) {
        var value = number(node, isSize);
        if (value < least || value > max) {
            throw new IllegalArgumentException(
                    "must be from %d to %d, is %s".formatted(least, max, node.inline()));
        }
        return value;
    }

    private static long number(Node node, boolean isSize) {
        if (node instanceof Node.Scalar(var kind, var text, _)) {
            if (kind == Node.Kind.NUMBER && NUMBER.matcher(text).matches()) {
                return Long.parseLong(text);
            }
            var size = SIZE.matcher(text);
            if (isSize && size.matches()) {
                return Long.parseLong(size.group(1)) * UNITS.getOrDefault(size.group(2), 1L);
            }
        }
        throw wrongType(isSize ? "a size such as 2048, 64KiB or 100MiB" : "a whole number", node);
    }

    private static String text(Node node) {
        if (node instanceof Node.Scalar(var kind, var text, _) && kind == Node.Kind.TEXT) {
            if (text.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("control characters mean nothing here");
            }
            return text;
        }
        throw wrongType("text", node);
    }

    private static Duration duration(Node node) {
        var match = DURATION.matcher(node.inline());
        if (!match.matches()) {
            throw wrongType("a duration such as 500ms, 20s, 5m or 24h", node);
        }
        var number = Long.parseLong(match.group(1));
        var duration =
                switch (match.group(2)) {
                    case "ms" -> Duration.ofMillis(number);
                    case "s" -> Duration.ofSeconds(number);
                    case "m" -> Duration.ofMinutes(number);
                    case "h" -> Duration.ofHours(number);
                    default -> Duration.ofDays(number);
                };
        if (duration.isZero()) {
            throw new IllegalArgumentException("must be longer than nothing");
        }
        return duration;
    }

    private static Object constant(Class<?> type, String text) {
        var names =
                Arrays.stream(type.getEnumConstants())
                        .collect(Collectors.toMap(Values::nameOf, constant -> constant));
        var constant = names.get(text);
        if (constant == null) {
            throw new IllegalArgumentException(
                    "expected one of %s, found %s"
                            .formatted(
                                    Arrays.stream(type.getEnumConstants())
                                            .map(Values::nameOf)
                                            .collect(Collectors.joining(", ")),
                                    text));
        }
        return constant;
    }

    /// `ACCEPT_AT_ONCE` is written `accept-at-once`.
    private static String nameOf(Object constant) {
        return constant.toString().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("expected a path: " + e.getReason(), e);
        }
    }

    private static SipUri sipUri(String text) {
        if (Uri.parse(text) instanceof SipUri uri) {
            return uri;
        }
        throw new IllegalArgumentException("expected a sip: address, found " + text);
    }

    private static URI url(String text) {
        var url = URI.create(text);
        if (url.getScheme() == null || url.getHost() == null) {
            throw new IllegalArgumentException("expected SCHEME://HOST, found " + text);
        }
        return url;
    }

    private static Configuration.Route route(String text) {
        if (text.equals(EMBEDDED)) {
            return new Configuration.Route.Embedded();
        }
        if (Keys.editDistance(text.toLowerCase(Locale.ROOT), EMBEDDED) <= 2) { // hardly a host
            throw new IllegalArgumentException(
                    "expected embedded, or a next hop such as sip:127.0.0.1:5060;lr, found "
                            + text);
        }
        return new Configuration.Route.Next(Hop.parse(text));
    }

    /// ADDRESS:PORT with an address, not a name, so that it is clear who can connect.
    private static InetSocketAddress address(String text) {
        var colon = text.lastIndexOf(':');
        if (colon > 0) {
            try {
                var host = text.substring(0, colon);
                var literal = host.equals("localhost") ? "127.0.0.1" : host;
                return new InetSocketAddress(
                        InetAddress.ofLiteral(literal),
                        Integer.parseInt(text.substring(colon + 1)));
            } catch (IllegalArgumentException _) {
                // said below, for every way of being wrong
            }
        }
        throw new IllegalArgumentException(
                "expected ADDRESS:PORT such as 127.0.0.1:8062 or [::1]:8062, found " + text);
    }

    private static IllegalArgumentException wrongType(String expected, Node found) {
        return new IllegalArgumentException(
                "wrong type: expected %s, found %s".formatted(expected, Describe.node(found)));
    }
}
