package org.fanfare.cli.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The same recipients on a stream: cuts it into requests, answers what one read brought with one
/// write.
final class StreamResponder {

    private static final byte[] LENGTH = "\nContent-Length: ".getBytes(StandardCharsets.US_ASCII);

    private final InputStream in;
    private final OutputStream out;
    private final StreamAnswerer answerer;
    private final ByteBuffer answers = ByteBuffer.allocate(1 << 20);
    private byte[] octets = new byte[1 << 17];
    private int filled;

    StreamResponder(InputStream in, OutputStream out, StreamAnswerer answerer) {
        this.in = in;
        this.out = out;
        this.answerer = answerer;
    }

    void run() throws IOException {
        while (true) {
            if (filled == octets.length) {
                octets = Arrays.copyOf(octets, 2 * filled);
            }
            int read = in.read(octets, filled, octets.length - filled);
            if (read < 0) {
                return;
            }
            filled += read;
            answerAll();
        }
    }

    private void answerAll() throws IOException {
        int from = 0;
        for (int to = endOfRequest(from); to >= 0; to = endOfRequest(from)) {
            answerer.answer(octets, from, to, answers);
            from = to;
        }
        System.arraycopy(octets, from, octets, 0, filled - from);
        filled -= from;
        out.write(answers.array(), 0, answers.position());
        answers.clear();
    }

    /// Where the request that begins here ends, or -1 while it is not complete.
    private int endOfRequest(int from) {
        int body = -1;
        for (int at = from; at + 4 <= filled && body < 0; at++) {
            if (octets[at] == '\r' && octets[at + 2] == '\r') {
                body = at + 4;
            }
        }
        if (body < 0) {
            return -1;
        }
        int end = body + contentLength(from, body);
        return end <= filled ? end : -1;
    }

    private int contentLength(int from, int to) {
        for (int at = from; at + LENGTH.length < to; at++) {
            if (Arrays.equals(octets, at, at + LENGTH.length, LENGTH, 0, LENGTH.length)) {
                int length = 0;
                for (int digit = at + LENGTH.length; octets[digit] != '\r'; digit++) {
                    length = 10 * length + octets[digit] - '0';
                }
                return length;
            }
        }
        return 0;
    }
}
