package org.fanfare.msrp;

import org.fanfare.wire.Cursor;
import org.fanfare.wire.Leniency;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.fanfare.wire.Printable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Finds the messages in the octets of one connection, wherever these were cut (RFC 4975 7.3). The
/// content of a request is handed on as it comes; no more than one head is ever kept. For one
/// thread.
///
/// A chunk ends where Byte-Range says, if its end line stands there; else with the first end line
/// of its transaction, since the ranges of real equipment (and of the examples of the RFC) do not
/// always count what comes. So an end line before the announced end is a question ([#isUndecided])
/// until what follows it answers it (P2).
public final class MsrpDecoder {

    /// What comes out, in the order of the stream.
    public interface Listener {

        /// The head of a request. [#onEnd] follows, after [#onContent] where it has content.
        void onRequest(MsrpRequest request);

        /// The next octets of the content, valid during the call. Never empty.
        void onContent(ByteBuffer octets);

        /// The request has ended.
        void onEnd(Continuation continuation);

        void onResponse(MsrpResponse response);

        /// Nothing more comes, whatever is fed: the connection has to be closed.
        void onMalformed(MalformedMsrp fault);
    }

    private static final String SECTION = "RFC 4975 9";
    private static final byte[] START = {'M', 'S', 'R', 'P', ' '};
    private static final int INITIAL = 512;
    private static final int HYPHENS = 7;
    private static final int LONGEST_TRANSACTION_ID = 64;

    /// Flag, CR and LF behind the transaction id.
    private static final int AFTER_ID = 3;

    private enum State {
        HEAD,
        CONTENT,
        UNDECIDED,
        CLOSED
    }

    private final int most;
    private State state = State.HEAD;

    // The head so far, up to `headEnd`; its last line began at `line`.
    private byte[] head = new byte[INITIAL];
    private int headEnd;
    private int line;
    private int fieldsFrom;
    private String transactionId = "";
    private String method = "";
    private int status;
    private String comment = "";

    // CR LF, the hyphens and the transaction id: what an end line begins with.
    private byte[] endLine = new byte[0];
    private long announced;
    private long told;

    /// Octets of an end line that have come, with those that are only imagined.
    private int matched;

    /// 2 while the line end before the end line is the one that ended the head.
    private int imagined;

    /// Octets of an end line that came with an earlier read.
    private byte[] carried = new byte[0];

    private int carriedLength;

    /// From the end line in question on.
    private byte[] held = new byte[0];

    private int heldLength;

    public MsrpDecoder(MsrpLimits limits) {
        most = limits.headOctets();
    }

    /// Consumes the buffer and tells the listener of everything in it.
    public void feed(ByteBuffer octets, Listener listener) {
        if (octets.hasArray()) {
            int offset = octets.arrayOffset();
            decode(octets.array(), offset + octets.position(), offset + octets.limit(), listener);
        } else {
            var copy = new byte[octets.remaining()];
            octets.duplicate().get(copy);
            decode(copy, 0, copy.length, listener);
        }
        octets.position(octets.limit());
    }

    /// Whether an end line came that may be content; more octets decide, or [#quiet].
    public boolean isUndecided() {
        return state == State.UNDECIDED;
    }

    /// Nothing came for a while, or nothing will: the end line in question was one.
    public void quiet(Listener listener) {
        if (state == State.UNDECIDED) {
            endAtQuestion(listener);
        }
    }

    /// Whether a message has begun and is not complete.
    public boolean isInMessage() {
        return state != State.HEAD || headEnd > 0;
    }

    /// Whether the head of a request is complete and its content is not.
    public boolean isInContent() {
        return state == State.CONTENT || state == State.UNDECIDED;
    }

    public boolean isClosed() {
        return state == State.CLOSED;
    }

    private void decode(byte[] octets, int from, int to, Listener listener) {
        int at = from;
        try {
            while (at < to && state != State.CLOSED) {
                at =
                        switch (state) {
                            case HEAD -> takeLine(octets, at, to, listener);
                            case CONTENT -> takeContent(octets, at, to, listener);
                            case UNDECIDED -> takeHeld(octets, at, to, listener);
                            case CLOSED -> to;
                        };
            }
        } catch (MalformedMsrp fault) {
            state = State.CLOSED;
            listener.onMalformed(fault);
        }
    }

    // ---- head

    /// Up to the next line end, or all.
    private int takeLine(byte[] octets, int from, int to, Listener listener) {
        int end = indexOf((byte) '\n', octets, from, to);
        int next = Math.min(end + 1, to);
        int count = next - from;
        if (count > most - headEnd) {
            checkStart();
            throw fault(
                    "expected a head of at most %d octets, found more".formatted(most),
                    most,
                    "RFC 4975 7");
        }
        makeRoom(count);
        System.arraycopy(octets, from, head, headEnd, count);
        headEnd += count;
        if (line == 0) {
            checkStart();
        }
        if (end < to) {
            onLine(listener);
        }
        return next;
    }

    private void makeRoom(int count) {
        if (head.length - headEnd < count) {
            head = Arrays.copyOf(head, Math.max(head.length * 2, headEnd + count));
        }
    }

    /// At once, so that whoever speaks another protocol is not listened to (M19).
    private void checkStart() {
        for (int i = 0; i < Math.min(START.length, headEnd); i++) {
            if (head[i] != START[i]) {
                throw fault(
                        "expected MSRP and a blank, found " + Printable.octet(head[i]), i, SECTION);
            }
        }
    }

    private void onLine(Listener listener) {
        int end = headEnd - 2;
        if (end < line || head[end] != '\r') {
            throw fault("expected CR before LF", headEnd - 1, SECTION);
        }
        int cr = indexOf((byte) '\r', head, line, end);
        if (cr < end) {
            throw fault("expected LF after CR", cr + 1, SECTION);
        }
        if (line == 0) {
            readStartLine(end);
            fieldsFrom = headEnd;
        } else if (end == line) {
            onBlankLine(listener);
            return;
        } else if (startsWithHyphens(end)) {
            onEndOfHead(end, listener);
            return;
        }
        line = headEnd;
    }

    private void readStartLine(int end) {
        int blank = indexOf((byte) ' ', head, START.length, end);
        if (blank == end) {
            throw fault("expected a blank behind the transaction id", end, SECTION);
        }
        checkTransactionId(blank);
        transactionId = ascii(START.length, blank);
        int rest = blank + 1;
        if (rest < end && Cursor.isDigit(head[rest])) {
            method = "";
            readStatus(rest, end);
        } else {
            readMethod(rest, end);
        }
    }

    private void checkTransactionId(int end) {
        if (end == START.length || end - START.length > LONGEST_TRANSACTION_ID) {
            throw fault("expected a transaction id of 4 to 32 octets", START.length, SECTION);
        }
        for (int i = START.length; i < end; i++) {
            if (head[i] <= ' ' || head[i] >= 0x7f) {
                throw fault(
                        "expected a transaction id, found " + Printable.octet(head[i]), i, SECTION);
            }
        }
        if (!MsrpFields.isIdent(ascii(START.length, end))) {
            Leniency.MSRP_IDENT.taken();
        }
    }

    private void readStatus(int from, int end) {
        try {
            var cursor = Cursor.over(head, from, end, 0, "status", SECTION);
            status = MsrpFields.expectStatus(cursor);
            comment = cursor.atEnd() ? "" : cursor.text(cursor.position() + 1, end);
        } catch (MalformedMessage e) {
            throw fault(e.reason(), e.offset(), SECTION);
        }
    }

    private void readMethod(int from, int end) {
        if (from == end) {
            throw fault("expected a method or a status, found end of line", end, SECTION);
        }
        for (int i = from; i < end; i++) {
            if (head[i] < 'A' || head[i] > 'Z') {
                throw fault(
                        "expected a method of capital letters, found " + Printable.octet(head[i]),
                        i,
                        SECTION);
            }
        }
        method = end - from == 4 && head[from] == 'S' ? interned(from, end) : ascii(from, end);
    }

    private String interned(int from, int end) {
        var text = ascii(from, end);
        return text.equals(MsrpRequest.SEND) ? MsrpRequest.SEND : text;
    }

    private String ascii(int from, int to) {
        return new String(head, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private boolean startsWithHyphens(int end) {
        if (end - line < HYPHENS) {
            return false;
        }
        for (int i = 0; i < HYPHENS; i++) {
            if (head[line + i] != '-') {
                return false;
            }
        }
        return true;
    }

    /// An end line in the head: there is no content.
    private void onEndOfHead(int end, Listener listener) {
        var flag = Continuation.of(head[end - 1]);
        boolean ours =
                end - 1 - line - HYPHENS == transactionId.length()
                        && ascii(line + HYPHENS, end - 1).equals(transactionId);
        if (!ours || flag.isEmpty()) {
            throw fault(
                    "expected the end line of transaction " + transactionId, line, "RFC 4975 7.1");
        }
        var octets = Octets.of(Arrays.copyOf(head, line));
        if (method.isEmpty()) {
            var response = new MsrpResponse(transactionId, status, comment, octets, fieldsFrom);
            reset();
            listener.onResponse(response);
        } else {
            var request = new MsrpRequest(transactionId, method, octets, fieldsFrom, false);
            reset();
            listener.onRequest(request);
            listener.onEnd(flag.get());
        }
    }

    private void reset() {
        state = State.HEAD;
        headEnd = 0;
        line = 0;
        if (head.length > most) {
            head = new byte[INITIAL];
        }
    }

    private void onBlankLine(Listener listener) {
        if (method.isEmpty()) {
            throw fault("expected no content in a response", line, "RFC 4975 7.2");
        }
        var octets = Octets.of(Arrays.copyOf(head, line));
        var request = new MsrpRequest(transactionId, method, octets, fieldsFrom, true);
        announced = announcedBy(request);
        var id = transactionId.getBytes(StandardCharsets.ISO_8859_1);
        endLine = new byte[2 + HYPHENS + id.length];
        Arrays.fill(endLine, (byte) '-');
        endLine[0] = '\r';
        endLine[1] = '\n';
        System.arraycopy(id, 0, endLine, 2 + HYPHENS, id.length);
        reset();
        state = State.CONTENT;
        told = 0;
        matched = 2;
        imagined = 2;
        carriedLength = 0;
        if (carried.length < endLine.length + AFTER_ID) {
            carried = new byte[endLine.length + AFTER_ID];
        }
        listener.onRequest(request);
    }

    /// A malformed range says nothing about the frame; whoever reads it answers 400.
    private static long announcedBy(MsrpRequest request) {
        try {
            return request.fields().byteRange().length();
        } catch (MalformedMessage _) {
            return ByteRange.UNKNOWN;
        }
    }

    // ---- content

    private int takeContent(byte[] octets, int from, int to, Listener listener) {
        int at = from;
        int tellFrom = from;
        int matchFrom = from;
        while (at < to) {
            if (matched == 0) {
                at = indexOf((byte) '\r', octets, at, to);
                matchFrom = at;
                if (at < to) {
                    matched = 1;
                    at++;
                }
            } else if (isNextOfEndLine(octets[at])) {
                matched++;
                at++;
                if (matched == endLine.length + AFTER_ID) {
                    tell(octets, tellFrom, matchFrom, listener);
                    onEndLine(octets, matchFrom, at, listener);
                    return at;
                }
            } else {
                tellCarried(listener);
                matched = 0;
                imagined = 0;
            }
        }
        tell(octets, tellFrom, matched == 0 ? to : matchFrom, listener);
        if (matched > 0) {
            System.arraycopy(octets, matchFrom, carried, carriedLength, to - matchFrom);
            carriedLength += to - matchFrom;
        }
        return to;
    }

    private boolean isNextOfEndLine(byte octet) {
        int beyond = matched - endLine.length;
        return switch (beyond) {
            case 0 -> octet == '$' || octet == '+' || octet == '#';
            case 1 -> octet == '\r';
            case 2 -> octet == '\n';
            default -> octet == endLine[matched];
        };
    }

    private void tell(byte[] octets, int from, int to, Listener listener) {
        if (to > from) {
            told += to - from;
            listener.onContent(ByteBuffer.wrap(octets, from, to - from));
        }
    }

    private void tellCarried(Listener listener) {
        int length = carriedLength;
        carriedLength = 0;
        tell(carried, 0, length, listener);
    }

    /// The end, or a question when more octets were announced.
    private void onEndLine(byte[] octets, int from, int to, Listener listener) {
        int length = carriedLength + to - from;
        if (held.length < length) {
            held = new byte[Math.max(length, INITIAL)];
        }
        System.arraycopy(carried, 0, held, 0, carriedLength);
        System.arraycopy(octets, from, held, carriedLength, to - from);
        heldLength = length;
        carriedLength = 0;
        if (announced == ByteRange.UNKNOWN || told >= announced) {
            endAtQuestion(listener);
        } else {
            state = State.UNDECIDED;
        }
    }

    private int questionLength() {
        return endLine.length + AFTER_ID - imagined;
    }

    private int takeHeld(byte[] octets, int from, int to, Listener listener) {
        int count = Math.min(to - from, most - heldLength);
        if (held.length < heldLength + count) {
            held =
                    Arrays.copyOf(
                            held, Math.min(most, Math.max(held.length * 2, heldLength + count)));
        }
        System.arraycopy(octets, from, held, heldLength, count);
        heldLength += count;
        decide(listener);
        return from + count;
    }

    private void decide(Listener listener) {
        int question = questionLength();
        long left = announced - told; // up to 2^63 - 1
        long needed = Math.min(left, most) + endLine.length + AFTER_ID;
        if (!canBeMessage(question)) {
            goOnAfterQuestion(listener);
        } else if (needed > most) {
            if (heldLength - question >= START.length) {
                endAtQuestion(listener);
            }
        } else if (heldLength >= needed) {
            if (isEndLineAt((int) (announced - told))) {
                goOnAfterQuestion(listener);
            } else {
                endAtQuestion(listener);
            }
        }
    }

    /// Whether what follows the end line in question begins like a message, so far.
    private boolean canBeMessage(int question) {
        for (int i = 0; i < START.length && question + i < heldLength; i++) {
            if (held[question + i] != START[i]) {
                return false;
            }
        }
        return true;
    }

    private boolean isEndLineAt(int index) {
        int flag = index + endLine.length;
        return Arrays.equals(held, index, flag, endLine, 0, endLine.length)
                && Continuation.of(held[flag]).isPresent()
                && held[flag + 1] == '\r'
                && held[flag + 2] == '\n';
    }

    /// It was content, but for its last line end, which may belong to the true end line.
    private void goOnAfterQuestion(Listener listener) {
        int content = questionLength() - 2;
        var again = Arrays.copyOfRange(held, content, heldLength);
        state = State.CONTENT;
        matched = 0;
        imagined = 0;
        heldLength = 0;
        tell(held, 0, content, listener);
        decode(again, 0, again.length, listener);
    }

    private void endAtQuestion(Listener listener) {
        int question = questionLength();
        var flag = Continuation.of(held[question - AFTER_ID]).orElseThrow();
        var again = Arrays.copyOfRange(held, question, heldLength);
        if (imagined > 0) {
            Leniency.MSRP_EMPTY_CONTENT.taken();
        }
        state = State.HEAD;
        matched = 0;
        heldLength = 0;
        if (held.length > INITIAL) {
            held = new byte[0];
        }
        listener.onEnd(flag);
        decode(again, 0, again.length, listener);
    }

    private static int indexOf(byte octet, byte[] octets, int from, int to) {
        int at = from;
        while (at < to && octets[at] != octet) {
            at++;
        }
        return at;
    }

    private static MalformedMsrp fault(String reason, int offset, String section) {
        return new MalformedMsrp(reason, offset, section);
    }
}
