package org.fanfare.sip;

import org.fanfare.wire.Cursor;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/// Where start line and header fields of one message lie within its octets. Found in one pass that
/// makes no text; nothing is understood but what framing needs.
///
/// A fault that leaves no doubt about where the message ends is kept in [#fault], the first one
/// only; one after which nothing more can be known about the stream is thrown as [FramingFault].
final class Head {

    static final String FRAMING = "RFC 3261 7";
    private static final int STRIDE = 4;

    /// After this the end of the message is not known: a stream must be closed.
    static final class FramingFault extends MalformedMessage {
        FramingFault(String reason, int offset, String section, int status) {
            super(reason, offset, section, status);
        }

        FramingFault(String reason, int offset, String section) {
            this(reason, offset, section, 400);
        }
    }

    final byte[] array;
    final int start;
    private final int limit;
    private final Limits limits;

    /// Name start, name end, value start, value end of each field.
    private int[] index = new int[16 * STRIDE];

    private int count;
    private int startLineEnd;
    private int headEnd = -1;
    private int firstVia = -1;
    private int contentLength = -1;
    private int contentLengthField = -1;
    private @Nullable MalformedMessage fault;

    Head(byte[] array, int start, int limit, Limits limits) {
        this.array = array;
        this.start = start;
        this.limit = limit;
        this.limits = limits;
    }

    /// For a head that is not scanned, but put together.
    Head(byte[] array, int start, int limit, int fields, Limits limits) {
        this(array, start, limit, limits);
        this.index = new int[Math.max(fields, 1) * STRIDE];
    }

    /// Finds all lines up to the empty one.
    void scan() {
        startLineEnd = findLineEnd(start, false);
        int line = startLineEnd + 2;
        while (!isEmptyLine(line)) {
            line = scanField(line) + 2;
        }
        headEnd = line + 2;
        if (headEnd - start > limits.headOctets()) {
            throw tooLargeHead(start + limits.headOctets());
        }
    }

    FramingFault tooLargeHead(int at) {
        return new FramingFault(
                "head: expected at most " + limits.headOctets() + " octets, found more",
                at - start,
                "RFC 3261 21.5.7",
                StatusCode.MESSAGE_TOO_LARGE);
    }

    private boolean isEmptyLine(int at) {
        if (at >= limit) {
            throw endOfOctets();
        }
        return array[at] == '\r' && at + 1 < limit && array[at + 1] == '\n';
    }

    private FramingFault endOfOctets() {
        return new FramingFault(
                "head: expected an empty line after the header fields, found end of message",
                limit - start,
                FRAMING);
    }

    /// The index of the CR that ends the line which begins at `line`. Folds belong to the line.
    private int findLineEnd(int line, boolean field) {
        int at = line;
        int stop = Math.min(limit, line + limits.lineOctets() + 1);
        while (at < stop) {
            byte octet = array[at];
            if (octet >= ' ' || octet < 0 || octet == '\t') {
                at++;
            } else if (octet == '\r' && at + 1 < limit && array[at + 1] == '\n') {
                if (!field || !isBlank(at + 2)) {
                    return at;
                }
                at += 3;
            } else {
                at = passControl(at, field);
            }
        }
        throw at >= limit ? endOfOctets() : tooLongLine(line);
    }

    private boolean isBlank(int at) {
        return at < limit && (array[at] == ' ' || array[at] == '\t');
    }

    private FramingFault tooLongLine(int line) {
        boolean first = line == start;
        return new FramingFault(
                (first ? "start line" : "header field")
                        + ": expected at most "
                        + limits.lineOctets()
                        + " octets, found more",
                line - start,
                FRAMING,
                first ? StatusCode.REQUEST_URI_TOO_LONG : StatusCode.BAD_REQUEST);
    }

    /// A control octet is right only behind a backslash in a quoted string, which is looked at when
    /// the field is; a CR or LF by itself makes two readings possible.
    private int passControl(int at, boolean field) {
        byte octet = array[at];
        if (octet == '\r' || octet == '\n') {
            if (octet == '\r' && at + 1 >= limit) {
                throw endOfOctets();
            }
            throw new FramingFault(
                    "line end: expected CR LF, found a single " + (octet == '\r' ? "CR" : "LF"),
                    at - start,
                    FRAMING);
        }
        if (!field || array[at - 1] != '\\') {
            keep(
                    (field ? "header field" : "start line")
                            + ": expected no control octet, found "
                            + hex(octet),
                    at,
                    "RFC 3261 25.1");
        }
        return at + 1;
    }

    private static String hex(byte octet) {
        return "0x%02x".formatted(octet);
    }

    private void keep(String reason, int at, String section) {
        keep(new MalformedMessage(reason, at - start, section));
    }

    private void keep(MalformedMessage found) {
        if (fault == null) {
            fault = found;
        }
    }

    /// Returns the index of the CR that ends the field.
    private int scanField(int line) {
        int nameEnd = line;
        while (nameEnd < limit && Cursor.isTokenOctet(array[nameEnd])) {
            nameEnd++;
        }
        int colon = nameEnd;
        while (isBlank(colon)) {
            colon++;
        }
        int end = findLineEnd(line, true);
        if (nameEnd == line || colon >= end || array[colon] != ':') {
            keep("header field: expected a name and a colon", nameEnd, "RFC 3261 7.3.1");
            return end;
        }
        add(line, nameEnd, colon + 1, end);
        return end;
    }

    private void add(int nameStart, int nameEnd, int afterColon, int lineEnd) {
        if (count >= limits.headerFields()) {
            throw new FramingFault(
                    "head: expected at most " + limits.headerFields() + " fields, found more",
                    nameStart - start,
                    FRAMING);
        }
        put(nameStart, nameEnd, skipBlanks(afterColon, lineEnd), lineEnd);
    }

    private int skipBlanks(int from, int end) {
        int at = from;
        while (at < end && isLinearWhite(array[at])) {
            at++;
        }
        return at;
    }

    private static boolean isLinearWhite(byte octet) {
        return octet == ' ' || octet == '\t' || octet == '\r' || octet == '\n';
    }

    /// Adds a field to the index; `lineEnd` may lie behind blanks.
    void put(int nameStart, int nameEnd, int valueStart, int lineEnd) {
        putUnread(nameStart, nameEnd, valueStart, lineEnd);
        note(count - 1, nameEnd - nameStart);
    }

    /// As [#put], for a field that framing must not look at.
    void putUnread(int nameStart, int nameEnd, int valueStart, int lineEnd) {
        int valueEnd = lineEnd;
        while (valueEnd > valueStart && isLinearWhite(array[valueEnd - 1])) {
            valueEnd--;
        }
        if ((count + 1) * STRIDE > index.length) {
            index = Arrays.copyOf(index, index.length * 2);
        }
        int base = count * STRIDE;
        index[base] = nameStart;
        index[base + 1] = nameEnd;
        index[base + 2] = valueStart;
        index[base + 3] = valueEnd;
        count++;
    }

    private void note(int field, int nameLength) {
        byte first = Cursor.lower(array[nameStart(field)]);
        if (first == 'v' && firstVia < 0 && isNamed(field, HeaderName.VIA, 'v')) {
            firstVia = field;
        } else if ((nameLength == 14 || nameLength == 1)
                && isNamed(field, HeaderName.CONTENT_LENGTH, 'l')) {
            readContentLength(field);
        }
    }

    /// Two that differ, or one that is no number: nobody knows where the message ends.
    private void readContentLength(int field) {
        int from = valueStart(field);
        var cursor =
                Cursor.over(
                        array, from, valueEnd(field), start, "Content-Length", "RFC 3261 20.14");
        try {
            int length = (int) cursor.expectNumber("a number", Integer.MAX_VALUE);
            cursor.expectEnd();
            if (contentLength >= 0 && contentLength != length) {
                throw cursor.fault(from, "expected one value, found two that differ");
            }
            contentLength = length;
            contentLengthField = field;
        } catch (MalformedMessage e) {
            throw new FramingFault(e.reason(), e.offset(), e.section());
        }
    }

    void removeLast() {
        count--;
    }

    /// Marks the end of a head that was written, not scanned.
    void finish(int startLineEnd, int headEnd) {
        this.startLineEnd = startLineEnd;
        this.headEnd = headEnd;
    }

    /// The same head at the front of a longer array.
    Head over(byte[] longer) {
        var head = new Head(longer, 0, longer.length, limits);
        head.index = index;
        head.count = count;
        head.startLineEnd = startLineEnd;
        head.headEnd = headEnd;
        head.firstVia = firstVia;
        head.contentLength = contentLength;
        head.contentLengthField = contentLengthField;
        head.fault = fault;
        return head;
    }

    Limits limits() {
        return limits;
    }

    @Nullable MalformedMessage fault() {
        return fault;
    }

    /// Without its CR LF.
    int startLineEnd() {
        return startLineEnd;
    }

    /// Behind the empty line.
    int headEnd() {
        return headEnd;
    }

    /// -1 when there is none.
    int contentLength() {
        return contentLength;
    }

    int contentLengthField() {
        return contentLengthField;
    }

    int firstVia() {
        return firstVia;
    }

    int count() {
        return count;
    }

    int nameStart(int field) {
        return index[field * STRIDE];
    }

    int nameEnd(int field) {
        return index[field * STRIDE + 1];
    }

    int valueStart(int field) {
        return index[field * STRIDE + 2];
    }

    int valueEnd(int field) {
        return index[field * STRIDE + 3];
    }

    /// The next field of the name at or after `from`, or -1. `compact` is 0 when there is none.
    int find(String longName, char compact, int from) {
        for (int field = from; field < count; field++) {
            if (isNamed(field, longName, compact)) {
                return field;
            }
        }
        return -1;
    }

    boolean isNamed(int field, String longName, char compact) {
        int from = nameStart(field);
        int length = nameEnd(field) - from;
        if (length == 1 && compact != 0) {
            return Cursor.lower(array[from]) == compact;
        }
        if (length != longName.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if ((array[from + i] | 0x20) != (longName.charAt(i) | 0x20)) {
                return false;
            }
        }
        return true;
    }
}
