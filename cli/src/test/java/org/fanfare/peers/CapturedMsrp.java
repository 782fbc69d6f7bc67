package org.fanfare.peers;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The messages that went over an MSRP port, put together from a capture and judged by what tshark
/// does not look at: chunks that follow one another, lengths, end lines, paths.
final class CapturedMsrp {

    /// A message that is complete.
    ///
    /// @param content an octet a character
    /// @param chunks SENDs with content
    record Whole(String toPath, String fromPath, String content, int chunks) {}

    private final List<Whole> complete = new ArrayList<>();
    private int open;

    private CapturedMsrp() {}

    /// What the connections of a port carried from or to it.
    static CapturedMsrp sentFrom(Tshark capture, int port) throws Exception {
        return read(capture, "tcp.srcport == " + port);
    }

    static CapturedMsrp sentTo(Tshark capture, int port) throws Exception {
        return read(capture, "tcp.dstport == " + port);
    }

    private static CapturedMsrp read(Tshark capture, String direction) throws Exception {
        var streams = new LinkedHashMap<String, ByteArrayOutputStream>();
        var lines =
                capture.frames(
                        direction + " and tcp.len > 0 and not tcp.analysis.retransmission",
                        "tcp.stream",
                        "tcp.payload");
        for (var line : lines) {
            var columns = line.split("\t", -1);
            streams.computeIfAbsent(columns[0], _ -> new ByteArrayOutputStream())
                    .writeBytes(HexFormat.of().parseHex(columns[1].replace(":", "")));
        }
        var captured = new CapturedMsrp();
        for (var stream : streams.values()) {
            captured.judge(stream.toByteArray());
        }
        return captured;
    }

    private void judge(byte[] octets) throws IOException {
        var stream = new MsrpStream(new ByteArrayInputStream(octets));
        var messages = new LinkedHashMap<String, List<MsrpStream.Frame>>();
        for (var next = stream.next(); next.isPresent(); next = stream.next()) {
            var frame = next.get();
            if (frame.isSend() && frame.field("Content-Type").isPresent()) {
                var id = frame.field("Message-ID").orElseThrow();
                messages.computeIfAbsent(id, _ -> new ArrayList<>()).add(frame);
            }
        }
        for (Map.Entry<String, List<MsrpStream.Frame>> message : messages.entrySet()) {
            judge(message.getKey(), message.getValue());
        }
    }

    private void judge(String id, List<MsrpStream.Frame> chunks) throws IOException {
        var content = new StringBuilder();
        var first = chunks.getFirst();
        for (var chunk : chunks) {
            var range = chunk.field("Byte-Range").orElseThrow().split("[-/]", 3);
            int length = chunk.content().length();
            boolean follows =
                    Long.parseLong(range[0]) == content.length() + 1
                            && (range[1].equals("*")
                                    || Long.parseLong(range[1]) == content.length() + length);
            if (!follows || !chunk.field("To-Path").equals(first.field("To-Path"))) {
                throw new IOException(id + ": " + chunk.fields() + " after " + content.length());
            }
            content.append(chunk.content());
            if (!range[2].equals("*") && chunk.flag() == '$') {
                if (Long.parseLong(range[2]) != content.length()) {
                    throw new IOException(
                            id + ": total " + range[2] + ", came " + content.length());
                }
            }
        }
        if (chunks.stream().limit(chunks.size() - 1L).anyMatch(chunk -> chunk.flag() == '$')) {
            throw new IOException(id + ": a chunk after the end");
        }
        if (chunks.getLast().flag() != '$') {
            open++;
            return;
        }
        complete.add(
                new Whole(
                        first.field("To-Path").orElseThrow(),
                        first.field("From-Path").orElseThrow(),
                        content.toString(),
                        chunks.size()));
    }

    List<Whole> complete() {
        return complete;
    }

    /// Messages that have begun and not ended.
    int open() {
        return open;
    }
}
