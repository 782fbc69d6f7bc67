package org.fanfare.admin;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What of a request our handlers look at.
///
/// @param path as it came, with its escapes
/// @param query as it came, without the question mark
/// @param headers the first value of each, by name in small letters
record HttpRequest(String method, String path, String query, Map<String, String> headers) {

    HttpRequest {
        headers = Map.copyOf(headers);
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /// The parts of the path between its slashes, unescaped one by one: an escaped slash parts
    /// nothing.
    List<String> segments() throws HttpRefusal {
        var segments = new ArrayList<String>();
        for (var segment : path.substring(1).split("/", -1)) {
            segments.add(unescape(segment.replace("+", "%2B")));
        }
        return segments;
    }

    /// The parameters of the query; one that comes twice is refused.
    Map<String, String> parameters() throws HttpRefusal {
        var parameters = new LinkedHashMap<String, String>();
        for (var pair : query.isEmpty() ? new String[0] : query.split("&", -1)) {
            var equals = pair.indexOf('=');
            var name = unescape(equals < 0 ? pair : pair.substring(0, equals));
            var value = equals < 0 ? "" : unescape(pair.substring(equals + 1));
            if (parameters.put(name, value) != null) {
                throw new HttpRefusal(400, "parameter " + name + " stands there twice");
            }
        }
        return parameters;
    }

    private static String unescape(String text) throws HttpRefusal {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw new HttpRefusal(400, "broken escape in " + text);
        }
    }
}
