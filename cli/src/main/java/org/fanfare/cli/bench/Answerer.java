package org.fanfare.cli.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Makes the 200 to a MESSAGE by copying octets: all recipients of a load test in one object.
///
/// It knows no more SIP than that, so that what is measured is the server and not its recipients. A
/// recipient whose user part begins with `dead` never answers. Not safe for several threads: each
/// has its own.
final class Answerer implements StreamAnswerer {

    private static final byte[] STATUS_LINE = ascii("SIP/2.0 200 OK\r\n");
    private static final byte[] TAG = ascii(";tag=r\r\n");
    private static final byte[] END = ascii("Content-Length: 0\r\n\r\n");
    private static final byte[] DEAD = ascii("MESSAGE sip:dead");

    /// Reads one request from `octets[from, to)` and appends its answer; `false` when it has none.
    @Override
    public boolean answer(byte[] octets, int from, int to, ByteBuffer answer) {
        if (startsWith(octets, from, to, DEAD)) {
            return false;
        }
        answer.put(STATUS_LINE);
        int line = endOfLine(octets, from, to);
        while (line < to && octets[line] != '\r') {
            int next = endOfLine(octets, line, to);
            copy(octets, line, next, answer);
            line = next;
        }
        answer.put(END);
        return true;
    }

    private static void copy(byte[] octets, int line, int next, ByteBuffer answer) {
        switch (octets[line]) {
            case 'V', 'F' -> copyIf(octets, line, next, 'i', 'r', answer);
            case 'C' -> copyIf(octets, line, next, 'a', 'S', answer);
            case 'T' -> {
                if (octets[line + 1] == 'o' && octets[line + 2] == ':') {
                    answer.put(octets, line, next - line - 2).put(TAG);
                }
            }
            default -> {
                // no field of an answer
            }
        }
    }

    /// Via and From, Call-ID and CSeq are told apart from their neighbours by their second octet.
    private static void copyIf(
            byte[] octets, int line, int next, char one, char other, ByteBuffer answer) {
        var second = octets[line + 1];
        if (second == one || second == other) {
            answer.put(octets, line, next - line);
        }
    }

    private static int endOfLine(byte[] octets, int from, int to) {
        int at = from;
        while (at < to && octets[at] != '\n') {
            at++;
        }
        return at + 1;
    }

    private static boolean startsWith(byte[] octets, int from, int to, byte[] prefix) {
        if (to - from < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (octets[from + i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
