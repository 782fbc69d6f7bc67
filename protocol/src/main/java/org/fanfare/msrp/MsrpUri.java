package org.fanfare.msrp;

import org.fanfare.uri.HostPort;
import org.fanfare.wire.Cursor;
import org.fanfare.wire.MalformedMessage;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// An MSRP URI (RFC 4975 6), such as `msrp://host.example:2855/iau39soe2843z;tcp`. Written back as
/// it came; equal by the rules of section 6.1.
public final class MsrpUri {

    /// The port of a URI that names none (RFC 4975 15.4).
    public static final int DEFAULT_PORT = 2855;

    private static final String SECTION = "RFC 4975 9 MSRP-URI";
    private static final String USERINFO = "-._~!$&'()*+,;=:%";
    private static final String SESSION_ID = "-._~+=/";

    private final String text;
    private final boolean secure;
    private final HostPort hostPort;
    private final String sessionId;
    private final String transport;
    private final List<String> parameters;

    private MsrpUri(
            String text,
            boolean secure,
            HostPort hostPort,
            String sessionId,
            String transport,
            List<String> parameters) {
        this.text = text;
        this.secure = secure;
        this.hostPort = hostPort;
        this.sessionId = sessionId;
        this.transport = transport;
        this.parameters = List.copyOf(parameters);
    }

    /// Reads one, to its end.
    ///
    /// @throws MalformedMessage when it is none
    public static MsrpUri parse(String text) {
        var cursor = Cursor.over(text, "MSRP URI", SECTION);
        var uri = read(cursor);
        if (!cursor.atEnd()) {
            throw cursor.expected("end of the MSRP URI");
        }
        return uri;
    }

    /// Several with blanks between them, as in To-Path, From-Path and `a=path`; the first is the
    /// next hop.
    ///
    /// @throws MalformedMessage when there is none, or one is malformed
    public static List<MsrpUri> parsePath(String text) {
        var cursor = Cursor.over(text, "path", SECTION);
        var path = new ArrayList<MsrpUri>(1);
        do {
            path.add(read(cursor));
            if (!cursor.atEnd() && cursor.peek() != ' ') {
                throw cursor.expected("a blank between MSRP URIs");
            }
            while (cursor.accept(' ')) {
                // RFC 4975 has one blank, real equipment sometimes several.
            }
        } while (!cursor.atEnd());
        return List.copyOf(path);
    }

    /// With blanks between, as [#parsePath] reads it.
    public static String pathText(List<MsrpUri> path) {
        return String.join(" ", path.stream().map(MsrpUri::toString).toList());
    }

    /// Over TCP.
    ///
    /// @param secure whether over TLS: `msrps`
    public static MsrpUri of(boolean secure, HostPort hostPort, String sessionId) {
        return parse((secure ? "msrps://" : "msrp://") + hostPort + "/" + sessionId + ";tcp");
    }

    private static MsrpUri read(Cursor cursor) {
        int from = cursor.position();
        boolean secure = cursor.acceptIgnoringCase("msrps:");
        if (!secure && !cursor.acceptIgnoringCase("msrp:")) {
            throw cursor.expected("msrp: or msrps:");
        }
        cursor.expect('/', "twice after the scheme");
        cursor.expect('/', "twice after the scheme");
        skipUserinfo(cursor);
        var hostPort = HostPort.read(cursor, false);
        var sessionId = cursor.accept('/') ? expectSessionId(cursor) : "";
        cursor.expect(';', "before the transport");
        var transport = expectTransport(cursor);
        var parameters = new ArrayList<String>(0);
        while (cursor.accept(';')) {
            parameters.add(expectParameter(cursor));
        }
        return new MsrpUri(
                cursor.textFrom(from), secure, hostPort, sessionId, transport, parameters);
    }

    private static void skipUserinfo(Cursor cursor) {
        int from = cursor.position();
        while (isOneOf(cursor.peek(), USERINFO)) {
            cursor.advance();
        }
        if (!cursor.accept('@')) {
            cursor.moveTo(from);
        }
    }

    private static String expectSessionId(Cursor cursor) {
        int from = cursor.position();
        while (isOneOf(cursor.peek(), SESSION_ID)) {
            cursor.advance();
        }
        if (cursor.position() == from) {
            throw cursor.expected("a session id");
        }
        return cursor.textFrom(from);
    }

    private static String expectTransport(Cursor cursor) {
        int from = cursor.position();
        while (isOneOf(cursor.peek(), "")) {
            cursor.advance();
        }
        if (cursor.position() == from) {
            throw cursor.expected("a transport");
        }
        return cursor.textFrom(from);
    }

    private static String expectParameter(Cursor cursor) {
        int from = cursor.position();
        cursor.expectToken("a parameter name");
        if (cursor.accept('=')) {
            cursor.expectToken("a parameter value");
        }
        return cursor.textFrom(from);
    }

    private static boolean isOneOf(int octet, String others) {
        return octet > 0
                && octet < 128
                && (Cursor.isAlphanumeric((byte) octet) || others.indexOf(octet) >= 0);
    }

    /// Over TLS.
    public boolean secure() {
        return secure;
    }

    public HostPort hostPort() {
        return hostPort;
    }

    /// As written; IPv6 in brackets.
    public String host() {
        return hostPort.host();
    }

    /// The one written, or that of MSRP.
    public int port() {
        return hostPort.portOr(DEFAULT_PORT);
    }

    /// Empty when there is none: a relay's, which is no session.
    public String sessionId() {
        return sessionId;
    }

    /// As written: `tcp` as a rule.
    public String transport() {
        return transport;
    }

    /// Those behind the transport, as written.
    public List<String> parameters() {
        return parameters;
    }

    /// Whether the session id is the same and not empty, whatever the rest.
    public boolean sameSession(MsrpUri other) {
        return !sessionId.isEmpty() && sessionId.equals(other.sessionId);
    }

    /// By RFC 4975 6.1: userinfo and parameters do not count, the session id has a case.
    @Override
    public boolean equals(Object other) {
        return other instanceof MsrpUri that
                && secure == that.secure
                && hostPort.port() == that.hostPort.port()
                && sessionId.equals(that.sessionId)
                && transport.equalsIgnoreCase(that.transport)
                && hostPort.sameHost(that.hostPort);
    }

    @Override
    public int hashCode() {
        return sessionId.hashCode() * 31 + hostPort.canonicalHost().hashCode();
    }

    /// As it came.
    @Override
    public String toString() {
        return text;
    }

    /// For people: the scheme and the address, without the session id, which is a secret.
    public String withoutSession() {
        return (secure ? "msrps://" : "msrp://") + hostPort.toString().toLowerCase(Locale.ROOT);
    }
}
