package org.fanfare.sip;

import org.fanfare.uri.HostPort;
import org.fanfare.uri.Parameters;
import org.fanfare.wire.Cursor;
import org.fanfare.wire.Leniency;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/// One Via value: an element that the request came through (RFC 3261 20.42).
///
/// @param transport in upper case; any token, known or not
public record Via(String transport, HostPort sentBy, Parameters parameters) {

    /// Every branch that follows RFC 3261 begins with it (8.1.1.7).
    public static final String MAGIC_COOKIE = "z9hG4bK";

    /// Without a port that is given the port of the transport counts (RFC 3261 18.1.1).
    private static final int PORT = 5060;

    private static final int TLS_PORT = 5061;

    public Via {
        if (!Cursor.isToken(transport)) {
            throw new IllegalArgumentException("Via: transport is not a token");
        }
    }

    public static Via of(String transport, HostPort sentBy, String branch) {
        return new Via(transport, sentBy, Parameters.NONE.with("branch", branch));
    }

    public static Via parse(String text) {
        var cursor = Cursor.over(text, HeaderName.VIA, "RFC 3261 20.42");
        var via = read(cursor, Limits.DEFAULT);
        cursor.expectEnd();
        return via;
    }

    static Via read(Cursor cursor, Limits limits) {
        var transport = expectProtocol(cursor);
        var sentBy = HostPort.read(cursor, true);
        return new Via(transport, sentBy, Parameters.readOfHeader(cursor, limits));
    }

    /// Name and version of the protocol may be any token: what another version is good for is
    /// decided by the start line.
    private static String expectProtocol(Cursor cursor) {
        cursor.expectToken("\"SIP/2.0/\" and a transport");
        expectSlash(cursor);
        cursor.expectToken("a version");
        expectSlash(cursor);
        var transport = cursor.expectToken("a transport").toUpperCase(Locale.ROOT);
        int blank = cursor.position();
        cursor.skipBlanks();
        if (cursor.position() == blank) {
            throw cursor.expected("a blank and sent-by after the transport");
        }
        return transport;
    }

    /// Whether the value begins with protocol and sent-by, so that an answer can find its way.
    static boolean isUsable(Cursor cursor) {
        try {
            expectProtocol(cursor);
            return !HostPort.read(cursor, true).host().isEmpty();
        } catch (MalformedMessage _) {
            return false;
        }
    }

    private static void expectSlash(Cursor cursor) {
        if (!cursor.acceptSeparator('/')) {
            throw cursor.expected("\"/\"");
        }
    }

    /// Present in every request made by an element that follows RFC 3261 (8.1.1.7).
    public Optional<String> branch() {
        return parameters.value("branch");
    }

    /// Whether the branch identifies the transaction by itself: the cookie and something behind it
    /// (RFC 3261 17.2.3, RFC 4475 3.2.1).
    public boolean hasUniqueBranch() {
        return branch().filter(b -> b.length() > MAGIC_COOKIE.length() && isCookie(b)).isPresent();
    }

    private static boolean isCookie(String branch) {
        return branch.regionMatches(true, 0, MAGIC_COOKIE, 0, MAGIC_COOKIE.length());
    }

    /// The address that the request came from, without brackets (RFC 3261 18.2.1, RFC 5118 4.5).
    public Optional<String> received() {
        return parameters.value("received").map(Via::withoutBrackets);
    }

    private static String withoutBrackets(String address) {
        if (!address.startsWith("[") || !address.endsWith("]")) {
            return address;
        }
        Leniency.VIA_RECEIVED_BRACKETS.taken();
        return address.substring(1, address.length() - 1);
    }

    public Optional<String> maddr() {
        return parameters.value("maddr");
    }

    /// Whether the sender wants the answer at the port it sent from (RFC 3581).
    public boolean wantsRport() {
        return parameters.has("rport");
    }

    public OptionalInt rport() {
        var port = parameters.number("rport");
        return port.isPresent() && port.getAsLong() <= 65_535
                ? OptionalInt.of((int) port.getAsLong())
                : OptionalInt.empty();
    }

    /// The port of sent-by, or that of the transport.
    public int port() {
        return sentBy.portOr(transport.equals("TLS") ? TLS_PORT : PORT);
    }

    /// Never with brackets around an IPv6 address (RFC 5118 4.5).
    public Via withReceived(String address) {
        boolean brackets = address.startsWith("[") && address.endsWith("]");
        var plain = brackets ? address.substring(1, address.length() - 1) : address;
        return withParameters(parameters.with("received", plain));
    }

    public Via withRport(int port) {
        return withParameters(parameters.with("rport", Integer.toString(port)));
    }

    public Via withParameters(Parameters others) {
        return new Via(transport, sentBy, others);
    }

    @Override
    public String toString() {
        return "SIP/2.0/" + transport + " " + sentBy + parameters;
    }
}
