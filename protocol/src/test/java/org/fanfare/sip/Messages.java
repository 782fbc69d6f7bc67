package org.fanfare.sip;

import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Requests and responses for tests, written line by line. ISO 8859-1, so that a test can write any
/// octet.
final class Messages {

    static final String REQUEST_LINE = "MESSAGE sip:bob@example.com SIP/2.0";

    private static final List<String> MANDATORY =
            List.of(
                    "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK77",
                    "Max-Forwards: 70",
                    "From: <sip:alice@example.com>;tag=1",
                    "To: <sip:bob@example.com>",
                    "Call-ID: c1@example.com",
                    "CSeq: 1 MESSAGE");

    private Messages() {}

    /// A MESSAGE with all that is mandatory, the lines, and `Content-Length: 0`.
    static byte[] with(String... lines) {
        var all = new ArrayList<String>();
        all.add(REQUEST_LINE);
        all.addAll(MANDATORY);
        all.addAll(List.of(lines));
        all.add("Content-Length: 0");
        return lines(all);
    }

    /// A MESSAGE in which the mandatory field of that name is replaced by the lines.
    static byte[] replacing(String name, String... lines) {
        var all = new ArrayList<String>();
        all.add(REQUEST_LINE);
        for (var field : MANDATORY) {
            if (field.startsWith(name + ":")) {
                all.addAll(List.of(lines));
            } else {
                all.add(field);
            }
        }
        all.add("Content-Length: 0");
        return lines(all);
    }

    static byte[] withRequestLine(String line) {
        var all = new ArrayList<>(MANDATORY);
        all.addFirst(line);
        all.add("Content-Length: 0");
        return lines(all);
    }

    static byte[] response(String statusLine, String... lines) {
        var all = new ArrayList<>(MANDATORY);
        all.addFirst(statusLine);
        all.addAll(List.of(lines));
        all.add("Content-Length: 0");
        return lines(all);
    }

    static byte[] lines(List<String> lines) {
        return octets(String.join("\r\n", lines) + "\r\n\r\n");
    }

    static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static SipMessage parse(byte[] datagram) {
        return SipParser.parse(Octets.of(datagram), Limits.DEFAULT);
    }

    /// Parses and looks at every field.
    static SipRequest checked(byte[] datagram) {
        return checked(datagram, Limits.DEFAULT);
    }

    static SipRequest checked(byte[] datagram, Limits limits) {
        var request = (SipRequest) SipParser.parse(Octets.of(datagram), limits);
        MessageRules.check(request, limits);
        return request;
    }

    static Verdict judge(byte[] datagram) {
        return Verdict.ofDatagram(Octets.of(datagram), ServerCapabilities.DEFAULT, Limits.DEFAULT);
    }

    /// All that comes out of a stream, in order: messages, faults, `ping`, `pong`.
    static List<Object> decode(Limits limits, byte[]... pieces) {
        var events = new ArrayList<Object>();
        decode(new SipStreamDecoder(limits), events, pieces);
        return events;
    }

    static void decode(SipStreamDecoder decoder, List<Object> events, byte[]... pieces) {
        var listener =
                new SipStreamDecoder.Listener() {
                    @Override
                    public void onMessage(SipMessage message) {
                        events.add(message);
                    }

                    @Override
                    public void onMalformed(MalformedSip fault) {
                        events.add(fault);
                    }

                    @Override
                    public void onPing() {
                        events.add("ping");
                    }

                    @Override
                    public void onPong() {
                        events.add("pong");
                    }
                };
        for (var piece : pieces) {
            decoder.feed(ByteBuffer.wrap(piece), listener);
        }
    }
}
