package org.fanfare.sip;

import org.fanfare.wire.Cursor;
import org.fanfare.wire.Limits;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// Finds the messages in the octets of one connection, wherever these were cut (RFC 3261 18.3), and
/// the line ends between them that keep the connection open (RFC 5626 3.5.1). For one thread.
public final class SipStreamDecoder {

    /// What comes out.
    public interface Listener {

        void onMessage(SipMessage message);

        /// When it closes the stream, nothing more comes, whatever is fed.
        void onMalformed(MalformedSip fault);

        /// The second of two line ends: the peer asks for a single one in return.
        default void onPing() {}

        /// One line end: the answer to our ping, if there was one; else the first half of the
        /// peer's, or nothing.
        default void onPong() {}
    }

    private static final int INITIAL = 4096;

    /// A larger buffer is given back when it is empty.
    private static final int KEPT = 65_536;

    private final Limits limits;
    private byte[] buffer = new byte[INITIAL];
    private int start;
    private int end;
    private int searched;
    private boolean firstLineSeen;
    private boolean betweenPings;
    private @Nullable Head head;
    private boolean closed;

    public SipStreamDecoder(Limits limits) {
        this.limits = limits;
    }

    /// Consumes the buffer and tells the listener of everything that is complete.
    public void feed(ByteBuffer octets, Listener listener) {
        while (octets.hasRemaining() && !closed) {
            int taken = take(octets);
            decode(listener);
            if (taken == 0) {
                throw new IllegalStateException("stream decoder: no room for another octet");
            }
        }
        octets.position(octets.limit());
    }

    /// Octets that wait for the rest of their message.
    public int pending() {
        return end - start;
    }

    /// Whether a message has begun and is not complete.
    public boolean isInMessage() {
        return pending() > 0;
    }

    /// Whether the head of a message is complete and its body is not.
    public boolean isInBody() {
        return head != null;
    }

    public boolean isClosed() {
        return closed;
    }

    private int take(ByteBuffer octets) {
        makeRoom(Math.min(octets.remaining(), INITIAL));
        int count = Math.min(octets.remaining(), buffer.length - end);
        octets.get(buffer, end, count);
        end += count;
        return count;
    }

    private void makeRoom(int wanted) {
        if (buffer.length - end >= wanted) {
            return;
        }
        if (end - start + wanted <= buffer.length) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
        } else {
            buffer =
                    Arrays.copyOfRange(
                            buffer,
                            start,
                            start + Math.max(buffer.length * 2, end - start + wanted));
        }
        end -= start;
        searched -= start;
        start = 0;
    }

    private void decode(Listener listener) {
        try {
            while (!closed && decodeNext(listener)) {
                firstLineSeen = false;
            }
        } catch (Head.FramingFault fault) {
            close(Salvage.of(fault, buffer, start, end, true), listener);
        }
    }

    private void close(MalformedSip fault, Listener listener) {
        closed = true;
        buffer = new byte[0];
        start = 0;
        end = 0;
        listener.onMalformed(fault);
    }

    /// False when more octets are needed.
    private boolean decodeNext(Listener listener) {
        if (head == null && !skipLineEnds(listener)) {
            return false;
        }
        var complete = head == null ? findHead() : head;
        if (complete == null) {
            return false;
        }
        head = complete;
        return finish(complete, listener);
    }

    /// True when something else than a line end is next.
    private boolean skipLineEnds(Listener listener) {
        while (end - start >= 2 && buffer[start] == '\r' && buffer[start + 1] == '\n') {
            start += 2;
            tellOfLineEnd(listener);
        }
        searched = Math.max(searched, start);
        if (start == end || (end - start == 1 && buffer[start] == '\r')) {
            return false;
        }
        betweenPings = false;
        return true;
    }

    private void tellOfLineEnd(Listener listener) {
        betweenPings = !betweenPings;
        if (betweenPings) {
            listener.onPong();
        } else {
            listener.onPing();
        }
    }

    private @Nullable Head findHead() {
        int headEnd = endOfHead();
        if (!firstLineSeen) {
            checkFirstLine();
        }
        if (headEnd < 0) {
            if (end - start > limits.headOctets()) {
                throw new Head(buffer, start, end, limits).tooLargeHead(end);
            }
            return null;
        }
        var scanned =
                new Head(Arrays.copyOfRange(buffer, start, headEnd), 0, headEnd - start, limits);
        scanned.scan();
        checkLength(scanned);
        return scanned;
    }

    /// The index behind the empty line, or -1.
    private int endOfHead() {
        for (int at = Math.max(searched, start); at + 3 < end; at++) {
            if (buffer[at + 3] == '\n'
                    && buffer[at + 2] == '\r'
                    && buffer[at + 1] == '\n'
                    && buffer[at] == '\r') {
                return at + 4;
            }
        }
        searched = Math.max(start, end - 3);
        return -1;
    }

    /// Whoever does not speak SIP is found out at the first octet or the first line.
    private void checkFirstLine() {
        int at = start;
        int stop = Math.min(end, start + limits.lineOctets() + 1);
        while (at < stop && buffer[at] != '\r' && buffer[at] != '\n') {
            at++;
        }
        boolean complete = at < end && (buffer[at] == '\r' || buffer[at] == '\n');
        boolean sip =
                Cursor.isTokenOctet(buffer[start])
                        && (!complete || StartLine.isSip(buffer, start, at));
        if (!sip) {
            throw new Head.FramingFault(
                    "start line: expected SIP, found something else", 0, "RFC 3261 7");
        }
        if (!complete && at == stop && stop < end) {
            throw new Head.FramingFault(
                    "start line: expected at most " + limits.lineOctets() + " octets, found more",
                    0,
                    Head.FRAMING,
                    StatusCode.REQUEST_URI_TOO_LONG);
        }
        firstLineSeen = complete;
    }

    private void checkLength(Head scanned) {
        if (scanned.contentLength() < 0) {
            throw new Head.FramingFault(
                    "Content-Length: expected one on a stream, found none",
                    scanned.headEnd(),
                    "RFC 3261 20.14");
        }
        long whole = (long) scanned.headEnd() + scanned.contentLength();
        if (whole > limits.messageOctets()) {
            throw new Head.FramingFault(
                    "message: expected at most "
                            + limits.messageOctets()
                            + " octets, found "
                            + whole,
                    scanned.valueStart(scanned.contentLengthField()),
                    "RFC 3261 21.5.7",
                    StatusCode.MESSAGE_TOO_LARGE);
        }
    }

    /// Hands out the message when all of its body is there.
    private boolean finish(Head scanned, Listener listener) {
        int whole = scanned.headEnd() + scanned.contentLength();
        if (end - start < whole) {
            return false;
        }
        var array = Arrays.copyOfRange(buffer, start, start + whole);
        start += whole;
        searched = start;
        head = null;
        if (start == end && buffer.length > KEPT) {
            buffer = new byte[INITIAL];
            start = 0;
            end = 0;
            searched = 0;
        }
        try {
            listener.onMessage(
                    SipParser.message(scanned.over(array), scanned.contentLength(), limits));
        } catch (MalformedSip fault) {
            if (fault.closeStream()) {
                close(fault, listener);
            } else {
                listener.onMalformed(fault);
            }
        }
        return true;
    }
}
