package org.fanfare.uri;

import org.fanfare.wire.Cursor;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A `sip` or `sips` URI (RFC 3261 19.1).
///
/// @param secure whether the scheme is `sips`
/// @param userInfo what stands before the `@`, as written (escapes, password); empty without user
/// @param headers what stands behind the `?`, as written; empty without headers
public record SipUri(
        boolean secure, String userInfo, HostPort hostPort, Parameters parameters, String headers)
        implements Uri {

    private static final String UNRESERVED = "-_.!~*'()";
    private static final String USER = UNRESERVED + "&=+$,;?/";
    private static final String PASSWORD = UNRESERVED + "&=+$,";
    private static final String HEADER = UNRESERVED + "[]/?:+$";
    private static final int SIP_PORT = 5060;
    private static final int SIPS_PORT = 5061;

    public SipUri {
        if (userInfo.indexOf('\r') >= 0 || userInfo.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("user: CR or LF in it");
        }
    }

    /// `sip:user@host`; the user is plain text and gets the escapes it needs.
    public static SipUri of(String user, HostPort hostPort) {
        return new SipUri(false, escapeUser(user), hostPort, Parameters.NONE, "");
    }

    /// `sip:host`.
    public static SipUri of(HostPort hostPort) {
        return new SipUri(false, "", hostPort, Parameters.NONE, "");
    }

    /// A URI of this scheme.
    ///
    /// @throws MalformedMessage when it is no URI or one of another scheme
    public static SipUri parse(String text) {
        if (Uri.parse(text) instanceof SipUri uri) {
            return uri;
        }
        throw new MalformedMessage("URI: expected sip or sips", 0, "RFC 3261 19.1.1", 416);
    }

    private static String escapeUser(String user) {
        return Escapes.encode(user.getBytes(StandardCharsets.UTF_8), USER);
    }

    static SipUri read(boolean secure, Cursor cursor, Limits limits) {
        var userInfo = readUserInfo(cursor);
        var hostPort = HostPort.read(cursor, false);
        var parameters = Parameters.readOfUri(cursor, limits);
        var headers = readHeaders(cursor);
        if (!cursor.atEnd()) {
            throw cursor.expected("end of the URI");
        }
        return new SipUri(secure, userInfo, hostPort, parameters, headers);
    }

    /// A user may hold `;` and `?`, and an `@` stands nowhere else, so it is looked for first.
    private static String readUserInfo(Cursor cursor) {
        int from = cursor.position();
        int at = from;
        while (at < cursor.end() && cursor.octetAt(at) != '@') {
            at++;
        }
        if (at == cursor.end()) {
            return "";
        }
        Escapes.skip(cursor, USER);
        if (cursor.position() == from) {
            throw cursor.expected("a user before \"@\"");
        }
        if (cursor.accept(':')) {
            Escapes.skip(cursor, PASSWORD);
        }
        var userInfo = cursor.textFrom(from);
        cursor.expect('@', "after the user");
        return userInfo;
    }

    private static String readHeaders(Cursor cursor) {
        if (!cursor.accept('?')) {
            return "";
        }
        int from = cursor.position();
        do {
            int name = cursor.position();
            Escapes.skip(cursor, HEADER);
            if (cursor.position() == name) {
                throw cursor.expected("a header name in the URI");
            }
            cursor.expect('=', "after a header name in the URI");
            Escapes.skip(cursor, HEADER);
        } while (cursor.accept('&'));
        return cursor.textFrom(from);
    }

    @Override
    public String scheme() {
        return secure ? "sips" : "sip";
    }

    /// The user without password, escapes undone once.
    public Optional<String> user() {
        return userInfo.isEmpty()
                ? Optional.empty()
                : Optional.of(Escapes.decodeText(rawUser(userInfo)));
    }

    private static String rawUser(String userInfo) {
        int colon = userInfo.indexOf(':');
        return colon < 0 ? userInfo : userInfo.substring(0, colon);
    }

    public String host() {
        return hostPort.host();
    }

    /// Whether the user is a telephone number: `user=phone` (RFC 3261 19.1.1).
    public boolean userIsPhone() {
        return parameters.value("user").filter("phone"::equalsIgnoreCase).isPresent();
    }

    public Optional<String> parameter(String name) {
        return parameters.value(name).map(Escapes::decodeText);
    }

    /// The user is plain text and gets the escapes it needs.
    public SipUri withUser(String user) {
        return new SipUri(secure, escapeUser(user), hostPort, parameters, headers);
    }

    public SipUri withHostPort(HostPort other) {
        return new SipUri(secure, userInfo, other, parameters, headers);
    }

    public SipUri withParameters(Parameters others) {
        return new SipUri(secure, userInfo, hostPort, others, headers);
    }

    public SipUri withParameter(String name, String value) {
        return withParameters(parameters.with(name, value));
    }

    public SipUri withoutParameter(String name) {
        return withParameters(parameters.without(name));
    }

    public SipUri withoutHeaders() {
        return headers.isEmpty() ? this : new SipUri(secure, userInfo, hostPort, parameters, "");
    }

    @Override
    public boolean matches(Uri other) {
        return other instanceof SipUri that
                && secure == that.secure
                && plain(userInfo).equals(plain(that.userInfo))
                && hostPort.sameHost(that.hostPort)
                && hostPort.port() == that.hostPort.port()
                && parametersMatch(that)
                && headerMap(headers).equals(headerMap(that.headers));
    }

    /// Reserved characters are not the same as their escapes, all others are (19.1.4).
    private static String plain(String escaped) {
        return escaped.indexOf('%') < 0 ? escaped : Escapes.undoUnreserved(escaped);
    }

    /// What both have must be equal; some must not stand in one alone, all others may (19.1.4).
    private boolean parametersMatch(SipUri that) {
        return sharedAreEqual(that) && notAlone(that) && that.notAlone(this);
    }

    private boolean sharedAreEqual(SipUri that) {
        for (var mine : parameters) {
            var theirs = that.parameters.find(mine.name());
            if (theirs.isPresent()
                    && !plain(mine.raw()).equalsIgnoreCase(plain(theirs.get().raw()))) {
                return false;
            }
        }
        return true;
    }

    private boolean notAlone(SipUri that) {
        for (var mine : parameters) {
            boolean counts =
                    switch (mine.name().toLowerCase(Locale.ROOT)) {
                        case "user", "ttl", "method", "maddr", "transport" -> true;
                        default -> false;
                    };
            if (counts && !that.parameters.has(mine.name())) {
                return false;
            }
        }
        return true;
    }

    private static Map<String, String> headerMap(String headers) {
        var map = new TreeMap<String, String>();
        if (!headers.isEmpty()) {
            for (var header : headers.split("&", -1)) {
                int equals = header.indexOf('=');
                var name = plain(header.substring(0, equals)).toLowerCase(Locale.ROOT);
                map.merge(name, plain(header.substring(equals + 1)), (a, b) -> a + "&" + b);
            }
        }
        return map;
    }

    @Override
    public String canonical() {
        if (userIsPhone() && userInfo.startsWith("+")) {
            return TelUri.canonical(rawUser(userInfo));
        }
        var out = new StringBuilder(scheme()).append(':');
        if (!userInfo.isEmpty()) {
            out.append(Escapes.encode(Escapes.decode(rawUser(userInfo)), USER)).append('@');
        }
        out.append(hostPort.canonicalHost());
        if (hostPort.hasPort() && hostPort.port() != (secure ? SIPS_PORT : SIP_PORT)) {
            out.append(':').append(hostPort.port());
        }
        if (userIsPhone()) {
            out.append(";user=phone");
        }
        parameters.find("gr").ifPresent(gr -> out.append(";gr").append(canonicalValue(gr)));
        return out.toString();
    }

    private static String canonicalValue(Parameters.Parameter parameter) {
        return parameter.hasValue()
                ? "=" + Escapes.encode(Escapes.decode(parameter.raw()), UNRESERVED + ":")
                : "";
    }

    @Override
    public String toString() {
        var out = new StringBuilder(scheme()).append(':');
        if (!userInfo.isEmpty()) {
            out.append(userInfo).append('@');
        }
        out.append(hostPort).append(parameters);
        if (!headers.isEmpty()) {
            out.append('?').append(headers);
        }
        return out.toString();
    }
}
