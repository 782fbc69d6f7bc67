package org.fanfare.msrp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The head of the chunks of one message, of which only transaction id and Byte-Range change, and
/// their end line: written in place, without garbage.
final class ChunkHead {

    static final int HYPHENS = 7;

    /// CR LF, hyphens, id, flag, CR LF.
    static final int END_LINE = 2 + HYPHENS + TransactionIds.LENGTH + 3;

    private static final int RANGE = 64;
    private static final int ID_AT = 5;

    private final TransactionIds ids;
    private final long total;
    private final byte[] beforeRange;
    private final byte[] afterRange;

    /// @param toPath as in the field
    ChunkHead(TransactionIds ids, String toPath, MsrpUri fromPath, OutgoingContent content) {
        this.ids = ids;
        total = content.length();
        var before =
                new StringBuilder("MSRP ")
                        .append(ids.text(0))
                        .append(" SEND\r\nTo-Path: ")
                        .append(toPath)
                        .append("\r\nFrom-Path: ")
                        .append(fromPath)
                        .append("\r\nMessage-ID: ")
                        .append(content.messageId());
        if (content.successReport()) {
            before.append("\r\nSuccess-Report: yes");
        }
        if (content.failureReport() != FailureReport.YES) {
            before.append("\r\nFailure-Report: ").append(content.failureReport());
        }
        beforeRange = before.append("\r\nByte-Range: ").toString().getBytes(StandardCharsets.UTF_8);
        var after = new StringBuilder("\r\n");
        for (var field : content.fields()) {
            after.append(field.name()).append(": ").append(field.value()).append("\r\n");
        }
        after.append("Content-Type: ").append(content.contentType()).append("\r\n\r\n");
        afterRange = after.toString().getBytes(StandardCharsets.UTF_8);
    }

    /// The most octets that a head takes.
    int most() {
        return beforeRange.length + RANGE + afterRange.length;
    }

    /// Writes the head of one chunk.
    ///
    /// @param end the last octet, or [ByteRange#UNKNOWN]
    /// @return the index behind it
    int put(long number, long start, long end, byte[] target, int at) {
        System.arraycopy(beforeRange, 0, target, at, beforeRange.length);
        ids.put(number, target, at + ID_AT);
        int next = putNumber(start, target, at + beforeRange.length);
        target[next++] = '-';
        next = putNumber(end, target, next);
        target[next++] = '/';
        next = putNumber(total, target, next);
        System.arraycopy(afterRange, 0, target, next, afterRange.length);
        return next + afterRange.length;
    }

    private static int putNumber(long number, byte[] target, int at) {
        if (number == ByteRange.UNKNOWN) {
            target[at] = '*';
            return at + 1;
        }
        int digits = 1;
        for (long rest = number; rest >= 10; rest /= 10) {
            digits++;
        }
        long rest = number;
        for (int i = at + digits - 1; i >= at; i--) {
            target[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return at + digits;
    }

    /// The line end that ends the content, and the end line.
    int putEndLine(long number, Continuation flag, byte[] target, int at) {
        target[at] = '\r';
        target[at + 1] = '\n';
        for (int i = 0; i < HYPHENS; i++) {
            target[at + 2 + i] = '-';
        }
        int id = at + 2 + HYPHENS;
        ids.put(number, target, id);
        int next = id + TransactionIds.LENGTH;
        target[next] = (byte) flag.flag();
        target[next + 1] = '\r';
        target[next + 2] = '\n';
        return next + 3;
    }

    /// Whether the content holds hyphens and this transaction id, so that an end line might be seen
    /// in it. Looks at every seventh octet only, since no seven hyphens fit between.
    boolean isIn(long number, byte[] content, int from, int to) {
        int at = from + HYPHENS - 1;
        while (at < to) {
            if (content[at] != '-') {
                at += HYPHENS;
                continue;
            }
            int first = at;
            while (first > from && content[first - 1] == '-') {
                first--;
            }
            int behind = at + 1;
            while (behind < to && content[behind] == '-') {
                behind++;
            }
            if (behind - first >= HYPHENS && isIdAt(number, content, behind, to)) {
                return true;
            }
            at = behind + HYPHENS - 1;
        }
        return false;
    }

    /// The same in the open chunk of which `before` was written last, and `part` is to be written.
    boolean isIn(long number, byte[] before, ByteBuffer part) {
        int from = part.position();
        int to = part.limit();
        int seam = Math.min(END_LINE, to - from);
        if (before.length > 0) {
            var around = Arrays.copyOf(before, before.length + seam);
            part.get(from, around, before.length, seam);
            if (isIn(number, around, 0, around.length)) {
                return true;
            }
        }
        int at = from + HYPHENS - 1;
        while (at < to) {
            if (part.get(at) != '-') {
                at += HYPHENS;
                continue;
            }
            int first = at;
            while (first > from && part.get(first - 1) == '-') {
                first--;
            }
            int behind = at + 1;
            while (behind < to && part.get(behind) == '-') {
                behind++;
            }
            if (behind - first >= HYPHENS && isIdAt(number, part, behind)) {
                return true;
            }
            at = behind + HYPHENS - 1;
        }
        return false;
    }

    private boolean isIdAt(long number, ByteBuffer part, int at) {
        var id = new byte[Math.min(TransactionIds.LENGTH, part.limit() - at)];
        part.get(at, id);
        return isIdAt(number, id, 0, id.length);
    }

    private boolean isIdAt(long number, byte[] content, int at, int to) {
        if (to - at < TransactionIds.LENGTH) {
            return false;
        }
        var text = new String(content, at, TransactionIds.LENGTH, StandardCharsets.ISO_8859_1);
        return ids.number(text) == number;
    }
}
