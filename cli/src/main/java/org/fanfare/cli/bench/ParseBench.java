package org.fanfare.cli.bench;

import org.fanfare.sip.SipParser;
import org.fanfare.sip.SipRequest;
import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// Parses a MESSAGE as a copy has it, looks at what a server needs first, and writes it; one
/// thread.
public final class ParseBench {

    private static final long SECOND = 1_000_000_000L;
    private static final byte[] MESSAGE =
            """
            MESSAGE sip:bob@home.example SIP/2.0
            Via: SIP/2.0/UDP pf.home.example:5062;branch=z9hG4bK0123456789abcdef
            Max-Forwards: 70
            From: <sip:alice@home.example>;tag=0123456789abcdef
            To: <sip:bob@home.example>
            Call-ID: 0123456789abcdef0123456789abcdef
            CSeq: 1 MESSAGE
            Accept-Contact: *;+g.3gpp.icsi-ref="urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg"
            P-Asserted-Identity: <sip:alice@home.example>
            P-Asserted-Service: urn:urn-7:3gpp-service.ims.icsi.oma.cpm.msg.group
            Conversation-ID: f81d4fae-7dec-11d0-a765-00a0c91e6bf6
            Contribution-ID: abcdef00-7dec-11d0-a765-00a0c91e6bf6
            User-Agent: CPM-serv/OMA2.2
            Content-Type: message/cpim
            Content-Length: 178

            From: <sip:alice@home.example>
            To: <sip:exploder@home.example>
            DateTime: 2026-03-01T12:00:00Z
            NS: imdn <urn:ietf:params:imdn>

            Content-Type: text/plain

            Lunch at noon?12345678
            """
                    .replace("\n", "\r\n")
                    .getBytes(StandardCharsets.US_ASCII);

    private final long nanos;
    private long guard;

    /// @param seconds that each of the two rates is measured, after warming up for two thirds of it
    public ParseBench(int seconds) {
        nanos = seconds * SECOND;
    }

    /// The object that `fanfare bench parse` prints.
    public Map<String, Object> run() {
        rate(this::parse, nanos * 2 / 3);
        rate(this::parseAndWrite, nanos * 2 / 3);
        var result = new LinkedHashMap<String, Object>();
        result.put("octets", MESSAGE.length);
        result.put("parsesPerSecond", rate(this::parse, nanos));
        result.put("parsesAndWritesPerSecond", rate(this::parseAndWrite, nanos));
        result.put("cores", 1);
        result.put("java", System.getProperty("java.version"));
        result.put("guard", guard);
        return result;
    }

    private void parse() {
        var message = (SipRequest) SipParser.parse(Octets.of(MESSAGE), Limits.DEFAULT);
        guard += message.method().name().length() + message.body().length();
    }

    private void parseAndWrite() {
        var message = SipParser.parse(Octets.of(MESSAGE), Limits.DEFAULT);
        guard += message.encoded().length();
    }

    private static long rate(Runnable work, long nanos) {
        long began = System.nanoTime();
        long done = 0;
        long now = began;
        while (now - began < nanos) {
            for (int i = 0; i < 1_000; i++) {
                work.run();
            }
            done += 1_000;
            now = System.nanoTime();
        }
        return Math.round(done * 1e9 / (now - began));
    }
}
