package org.fanfare.uri;

import org.fanfare.wire.Cursor;
import org.fanfare.wire.Leniency;
import org.fanfare.wire.MalformedMessage;

import java.util.Locale;

/// Host and port (RFC 3261 25.1 `hostport`). The host of an IPv6 address keeps its brackets; a port
/// of -1 means that there is none.
public record HostPort(String host, int port) {

    private static final int MAX_PORT = 65_535;
    private static final int MAX_HOST = 255;

    public HostPort {
        if (port < -1 || port > MAX_PORT) {
            throw new IllegalArgumentException("port " + port + ": must be at most " + MAX_PORT);
        }
        checkOctets(host);
    }

    /// Not the whole grammar, which [#parse] and [#of] look at, but nothing that could become
    /// something else on the wire.
    private static void checkOctets(String host) {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (!isLabelOctet(c) && c != '.' && c != ':' && c != '[' && c != ']') {
                throw new IllegalArgumentException("host: a character that none has, at " + i);
            }
        }
    }

    /// A host without a port.
    ///
    /// @throws MalformedMessage when it is none
    public static HostPort of(String host) {
        var cursor = Cursor.over(host, "host", "RFC 3261 25.1");
        skipHost(cursor);
        cursor.expectEnd();
        return new HostPort(host, -1);
    }

    public static HostPort parse(String text) {
        var cursor = Cursor.over(text, "host", "RFC 3261 25.1");
        var hostPort = read(cursor, false);
        cursor.expectEnd();
        return hostPort;
    }

    /// Reads host and port and stops behind them.
    ///
    /// @param blanks whether there may be blanks around the colon, as in Via (RFC 3261 25.1)
    public static HostPort read(Cursor cursor, boolean blanks) {
        int from = cursor.position();
        skipHost(cursor);
        var host = cursor.textFrom(from);
        boolean colon = blanks ? cursor.acceptSeparator(':') : cursor.accept(':');
        return new HostPort(host, colon ? (int) cursor.expectNumber("a port", MAX_PORT) : -1);
    }

    private static void skipHost(Cursor cursor) {
        int from = cursor.position();
        if (cursor.accept('[')) {
            skipIpv6(cursor);
            cursor.expect(']', "after an IPv6 address");
        } else {
            skipName(cursor);
        }
        if (cursor.position() - from > MAX_HOST) {
            throw cursor.fault(from, "expected a host of at most 255 octets, found more");
        }
    }

    /// Labels of letters, digits, hyphens, and underscores because they are seen in the field. A
    /// name whose last label is a number must be an IPv4 address.
    private static void skipName(Cursor cursor) {
        int from = cursor.position();
        int labels = 0;
        boolean numeric = false;
        while (isLabelOctet(cursor.peek())) {
            numeric = skipLabel(cursor);
            labels++;
            if (!cursor.accept('.')) {
                break;
            }
        }
        if (labels == 0) {
            throw cursor.expected("a host");
        }
        if (numeric) {
            checkIpv4(cursor, from);
        }
    }

    /// True when the label is a number.
    private static boolean skipLabel(Cursor cursor) {
        boolean numeric = true;
        boolean underscore = false;
        while (isLabelOctet(cursor.peek())) {
            numeric &= Cursor.isDigit((byte) cursor.peek());
            underscore |= cursor.peek() == '_';
            cursor.advance();
        }
        if (underscore) {
            Leniency.HOST_UNDERSCORE.taken();
        }
        return numeric;
    }

    private static boolean isLabelOctet(int octet) {
        return octet == '-'
                || octet == '_'
                || (octet > 0 && octet < 128 && Cursor.isAlphanumeric((byte) octet));
    }

    private static void checkIpv4(Cursor cursor, int from) {
        if (!isIpv4(cursor.textFrom(from))) {
            throw cursor.fault(
                    from, "expected a name or an IPv4 address, found something that is neither");
        }
    }

    private static boolean isIpv4(String text) {
        int numbers = 0;
        int from = 0;
        while (from <= text.length()) {
            int dot = text.indexOf('.', from);
            int to = dot < 0 ? text.length() : dot;
            if (!isByte(text, from, to)) {
                return false;
            }
            numbers++;
            from = to + 1;
        }
        return numbers == 4;
    }

    /// A decimal number of one to three digits, up to 255.
    private static boolean isByte(String text, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
            value = value * 10 + (c - '0');
        }
        return to > from && to - from <= 3 && value <= 255;
    }

    private static void skipIpv6(Cursor cursor) {
        int from = cursor.position();
        int octet = cursor.peek();
        while (octet == ':'
                || octet == '.'
                || (octet > 0 && octet < 128 && Cursor.isHexDigit((byte) octet))) {
            cursor.advance();
            octet = cursor.peek();
        }
        var address = cursor.textFrom(from);
        if (!isIpv6(address)) {
            throw cursor.fault(from, "expected an IPv6 address");
        }
        if (address.contains(":::")) {
            Leniency.IPV6_THREE_COLONS.taken();
        }
    }

    /// Eight groups, or fewer and one `::`. Three colons before an IPv4 address come from an error
    /// in the grammar of RFC 3261 and are taken for two (RFC 5118 4.10).
    static boolean isIpv6(String address) {
        var text = address.replace(":::", "::");
        int gap = text.indexOf("::");
        if (gap < 0) {
            return groups(text, true) == 8;
        }
        int before = groups(text.substring(0, gap), false);
        int after = groups(text.substring(gap + 2), true);
        return before >= 0 && after >= 0 && before + after <= 7;
    }

    /// How many groups of 16 bits the text is, or -1 when it is not a list of such groups.
    private static int groups(String text, boolean ipv4AtEnd) {
        if (text.isEmpty()) {
            return 0;
        }
        var parts = text.split(":", -1);
        int count = 0;
        for (int i = 0; i < parts.length; i++) {
            if (ipv4AtEnd && i == parts.length - 1 && isIpv4(parts[i])) {
                count += 2;
            } else if (parts[i].isEmpty() || parts[i].length() > 4 || parts[i].contains(".")) {
                return -1;
            } else {
                count++;
            }
        }
        return count;
    }

    public boolean isIpv6() {
        return host.startsWith("[");
    }

    /// Without the brackets that an IPv6 address has in a URI.
    public String hostWithoutBrackets() {
        return isIpv6() ? host.substring(1, host.length() - 1) : host;
    }

    public boolean hasPort() {
        return port >= 0;
    }

    public int portOr(int otherwise) {
        return hasPort() ? port : otherwise;
    }

    /// Whether the hosts are the same name, whatever its case; ports are not looked at.
    public boolean sameHost(HostPort other) {
        return canonicalHost().equals(other.canonicalHost());
    }

    /// In lower case, without the dot of the root; IPv6 with all its groups.
    public String canonicalHost() {
        if (isIpv6()) {
            return "[" + Ipv6.canonical(hostWithoutBrackets()) + "]";
        }
        var name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        return name.toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return hasPort() ? host + ":" + port : host;
    }
}
