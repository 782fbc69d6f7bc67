package org.fanfare.sip;

import org.fanfare.wire.Cursor;
import org.fanfare.wire.Leniency;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;

/// The first line of a message: that of a request or that of a response (RFC 3261 7.1, 7.2).
///
/// @param method null-free: of a response it is the one that means nothing
/// @param status 0 for a request
/// @param from of the Request-URI, or of the reason phrase
/// @param to of the Request-URI
record StartLine(Method method, int status, int from, int to) {

    private static final String SECTION = "RFC 3261 7.1";
    private static final String STATUS_SECTION = "RFC 3261 7.2";
    private static final String VERSION = "SIP/2.0";

    /// Whether the line can be one of SIP at all: it begins or ends with `SIP/`.
    static boolean isSip(byte[] array, int start, int end) {
        return isResponse(array, start, end) || versionFrom(array, start, end) >= 0;
    }

    static boolean isResponse(byte[] array, int start, int end) {
        return matches(array, start, end, "SIP/");
    }

    /// The index of the blank before `SIP/...` at the end of a request line, or -1.
    static int versionFrom(byte[] array, int start, int end) {
        int at = end;
        while (at > start && array[at - 1] == ' ') {
            at--;
        }
        while (at > start && array[at - 1] != ' ') {
            at--;
        }
        return at > start && matches(array, at, end, "SIP/") ? at - 1 : -1;
    }

    private static boolean matches(byte[] array, int from, int end, String word) {
        if (end - from < word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (Cursor.lower(array[from + i]) != Cursor.lower((byte) word.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /// Reads the line that lies in `array[start, end)`.
    static StartLine read(byte[] array, int start, int end, Limits limits) {
        return isResponse(array, start, end)
                ? readStatusLine(array, start, end)
                : readRequestLine(array, start, end, limits);
    }

    private static StartLine readRequestLine(byte[] array, int start, int end, Limits limits) {
        int methodEnd = start;
        while (methodEnd < end && Cursor.isTokenOctet(array[methodEnd])) {
            methodEnd++;
        }
        if (methodEnd == start || methodEnd == end || array[methodEnd] != ' ') {
            throw fault("expected a method and one blank", methodEnd - start);
        }
        int uri = methodEnd + 1;
        int uriEnd = uri;
        while (uriEnd < end && array[uriEnd] != ' ') {
            uriEnd++;
        }
        if (uriEnd - uri > limits.uriOctets()) {
            throw new MalformedMessage(
                    "Request-URI: expected at most " + limits.uriOctets() + " octets, found more",
                    uri - start,
                    "RFC 3261 21.4.12",
                    StatusCode.REQUEST_URI_TOO_LONG);
        }
        if (uriEnd == uri) {
            throw fault("expected the Request-URI after one blank", uri - start);
        }
        checkVersion(array, uriEnd + 1, end, start);
        return new StartLine(Method.of(array, start, methodEnd), 0, uri, uriEnd);
    }

    private static void checkVersion(byte[] array, int from, int end, int start) {
        if (end - from == VERSION.length() && matches(array, from, end, VERSION)) {
            return;
        }
        if (from < end && matches(array, from, end, "SIP/") && isOtherVersion(array, from, end)) {
            throw new MalformedMessage(
                    "request line: expected version SIP/2.0, found another",
                    from - start,
                    "RFC 3261 21.5.6",
                    StatusCode.VERSION_NOT_SUPPORTED);
        }
        throw fault("expected one blank, SIP/2.0 and the end of the line", from - start);
    }

    private static boolean isOtherVersion(byte[] array, int from, int end) {
        if (matches(array, from, end, VERSION)) {
            return false;
        }
        int dots = 0;
        for (int i = from + 4; i < end; i++) {
            if (array[i] == '.') {
                dots++;
            } else if (!Cursor.isDigit(array[i])) {
                return false;
            }
        }
        return dots == 1;
    }

    private static MalformedMessage fault(String what, int offset) {
        return new MalformedMessage("request line: " + what, offset, SECTION);
    }

    /// `SIP/2.0 200 OK`. The blank before an empty reason phrase may be missing.
    private static StartLine readStatusLine(byte[] array, int start, int end) {
        int code = start + VERSION.length() + 1;
        int codeEnd = code + 3;
        boolean framed =
                matches(array, start, end, VERSION)
                        && codeEnd <= end
                        && array[code - 1] == ' '
                        && (codeEnd == end || array[codeEnd] == ' ');
        int status = framed ? status(array, code) : -1;
        if (status < 100 || status > 699) {
            throw new MalformedMessage(
                    "status line: expected SIP/2.0, a code from 100 to 699 and a phrase",
                    0,
                    STATUS_SECTION);
        }
        if (codeEnd == end) {
            Leniency.SIP_STATUS_LINE.taken();
        }
        return new StartLine(NO_METHOD, status, Math.min(codeEnd + 1, end), end);
    }

    private static final Method NO_METHOD = Method.of("-");

    private static int status(byte[] array, int at) {
        int status = 0;
        for (int i = at; i < at + 3; i++) {
            if (!Cursor.isDigit(array[i])) {
                return -1;
            }
            status = status * 10 + (array[i] - '0');
        }
        return status;
    }

    boolean isRequest() {
        return status == 0;
    }
}
