package org.fanfare.cli.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// One connection of a recipient: answers every SEND with 200 and looks at nothing of its content.
/// Where Byte-Range tells the end of a chunk, content is jumped over; else its end line is looked
/// for.
///
/// A connection whose first octet is [#FLOOR] is no MSRP: its next eight say how many octets
/// follow, which are answered with one, and so on.
final class MsrpReceiving {

    static final byte FLOOR = 0;

    private static final byte[] NO_OCTETS = {};
    private static final int HYPHENS = 7;
    private static final int LONGEST_HEAD = 8 << 10;

    /// One in each octet.
    private static final long ONES = 0x0101_0101_0101_0101L;

    private enum State {
        HEAD,
        CONTENT,
        FLOOR_HEAD,
        FLOOR
    }

    private final Legs legs;
    private final boolean slow;
    private final long start = System.nanoTime();

    private State state = State.HEAD;
    private byte[] rest = NO_OCTETS;
    private long read;
    private boolean started;

    // Of the chunk.
    private byte[] endLine = NO_OCTETS;
    private byte[] answer = NO_OCTETS;

    /// Octets up to its end line; -1 when not known.
    private long left;

    // Of the message.
    private int leg;
    private long octets;

    MsrpReceiving(Legs legs, boolean slow) {
        this.legs = legs;
        this.slow = slow;
    }

    boolean isSlow() {
        return slow;
    }

    /// Whether it has read more than so many octets a second.
    boolean isAhead(long rate) {
        return read * 1e9 > (double) rate * (System.nanoTime() - start);
    }

    /// What was left of the last read comes before the next.
    void putRest(ByteBuffer in) {
        in.put(rest);
        read -= rest.length;
        rest = NO_OCTETS;
    }

    /// Takes what has come.
    ///
    /// @return whether it was the SEND that binds the session
    boolean feed(ByteBuffer in, ByteBuffer answers) throws IOException {
        read += in.remaining();
        if (!started && in.hasRemaining()) {
            started = true;
            if (in.get(in.position()) == FLOOR) {
                in.get();
                state = State.FLOOR_HEAD;
            }
        }
        boolean bound = false;
        boolean more = true;
        while (more) {
            more =
                    switch (state) {
                        case HEAD -> {
                            int before = leg;
                            boolean whole = head(in, answers);
                            bound |= whole && before == 0 && state == State.HEAD;
                            yield whole;
                        }
                        case CONTENT -> left >= 0 ? jump(in, answers) : search(in, answers);
                        case FLOOR_HEAD -> floorHead(in);
                        case FLOOR -> floor(in, answers);
                    };
        }
        rest = new byte[in.remaining()];
        in.get(rest);
        return bound;
    }

    // ---- the floor

    private boolean floorHead(ByteBuffer in) {
        if (in.remaining() < Long.BYTES) {
            return false;
        }
        left = in.getLong();
        state = State.FLOOR;
        return true;
    }

    private boolean floor(ByteBuffer in, ByteBuffer answers) {
        skip(in);
        if (left > 0) {
            return false;
        }
        answers.put(FLOOR);
        state = State.FLOOR_HEAD;
        return true;
    }

    private void skip(ByteBuffer in) {
        int count = (int) Math.min(left, in.remaining());
        in.position(in.position() + count);
        left -= count;
    }

    // ---- MSRP

    /// False while it is not complete.
    private boolean head(ByteBuffer in, ByteBuffer answers) throws IOException {
        int from = in.position();
        int end = endOfHead(in, from);
        if (end < 0) {
            if (in.remaining() > LONGEST_HEAD) {
                throw new IOException("no end of a head");
            }
            return false;
        }
        var octetsOfHead = new byte[end - from];
        in.get(octetsOfHead);
        var head = new String(octetsOfHead, StandardCharsets.ISO_8859_1);
        var id = head.substring(5, head.indexOf(' ', 5));
        var to = field(head, "\r\nTo-Path: ");
        answer =
                ("MSRP " + id + " 200 OK\r\nTo-Path: " + field(head, "\r\nFrom-Path: "))
                        .concat("\r\nFrom-Path: " + to + "\r\n-------" + id + "$\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1);
        boolean hasContent = head.endsWith("\r\n\r\n");
        if (!hasContent) {
            answers.put(answer);
            legs.bound();
            return true;
        }
        leg = Integer.parseInt(to.substring(to.lastIndexOf('/') + 2, to.indexOf(';')));
        endLine = ("\r\n-------" + id).getBytes(StandardCharsets.ISO_8859_1);
        left = length(field(head, "\r\nByte-Range: "));
        state = State.CONTENT;
        return true;
    }

    /// Behind its blank line, or behind the end line of a request without content.
    private static int endOfHead(ByteBuffer in, int from) {
        int line = from;
        for (int at = from; at < in.limit(); at++) {
            if (in.get(at) == '\n') {
                if (at - line == 1 || in.get(line) == '-') {
                    return at + 1;
                }
                line = at + 1;
            }
        }
        return -1;
    }

    private static String field(String head, String name) {
        int at = head.indexOf(name);
        return at < 0 ? "" : head.substring(at + name.length(), head.indexOf('\r', at + 2));
    }

    /// Of `start-end/total`; -1 for an end that is not said.
    private static long length(String range) {
        int hyphen = range.indexOf('-');
        int slash = range.indexOf('/');
        var end = range.substring(hyphen + 1, slash);
        return end.equals("*")
                ? -1
                : Long.parseLong(end) - Long.parseLong(range.substring(0, hyphen)) + 1;
    }

    private boolean jump(ByteBuffer in, ByteBuffer answers) throws IOException {
        long before = left;
        skip(in);
        octets += before - left;
        if (left > 0 || in.remaining() < endLine.length + 3) {
            return false;
        }
        if (!isEndLine(in, in.position())) {
            throw new IOException("no end line where Byte-Range says");
        }
        endChunk(in, answers);
        return true;
    }

    /// Looks at eight octets at a time, then jumps over six: no seven hyphens fit between. Where
    /// fewer than eight are left there is no whole end line.
    private boolean search(ByteBuffer in, ByteBuffer answers) {
        int from = in.position();
        int last = in.limit() - endLine.length - 3;
        for (int at = from; at + Long.BYTES <= in.limit(); at += Long.BYTES + HYPHENS - 1) {
            int begin = hasHyphen(in.getLong(at)) ? endLine(in, at, from) : -1;
            if (begin >= from && begin <= last) {
                octets += begin - from;
                in.position(begin);
                endChunk(in, answers);
                return true;
            }
        }
        int certain = Math.max(from, last + 1);
        octets += certain - from;
        in.position(certain);
        return false;
    }

    private static boolean hasHyphen(long octets) {
        long differing = octets ^ ONES * '-';
        return (differing - ONES & ~differing & ONES << 7) != 0;
    }

    /// Where the end line begins of whose hyphens one is among the eight octets; -1 for none.
    private int endLine(ByteBuffer in, int at, int from) {
        for (int hyphen = at; hyphen < at + Long.BYTES; hyphen++) {
            if (in.get(hyphen) == '-') {
                int first = hyphen;
                while (first > from && in.get(first - 1) == '-') {
                    first--;
                }
                if (first - 2 >= from && isEndLine(in, first - 2)) {
                    return first - 2;
                }
            }
        }
        return -1;
    }

    private boolean isEndLine(ByteBuffer in, int at) {
        if (at + endLine.length > in.limit()) {
            return false;
        }
        for (int i = 0; i < endLine.length; i++) {
            if (in.get(at + i) != endLine[i]) {
                return false;
            }
        }
        return true;
    }

    private void endChunk(ByteBuffer in, ByteBuffer answers) {
        byte flag = in.get(in.position() + endLine.length);
        in.position(in.position() + endLine.length + 3);
        answers.put(answer);
        state = State.HEAD;
        if (flag == '$') {
            legs.complete(leg, octets);
            octets = 0;
        }
    }
}
