package org.fanfare.sip;

import org.fanfare.testing.Generator;
import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/// How many messages one core reads and writes in a second. The goal is a million of
/// `parseAndWrite` (docs/performance.md).
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SipParseBenchmark {

    /// One copy of a fan-out, as it leaves the Participating Function.
    private final Octets request =
            Octets.utf8(
                    """
                    MESSAGE sip:bob@home.example SIP/2.0\r
                    Via: SIP/2.0/UDP pf.home.example:5062;branch=z9hG4bK0123456789abcdef-1;rport\r
                    Route: <sip:192.0.2.1:5060;lr>\r
                    Max-Forwards: 69\r
                    From: "Alice" <sip:alice@home.example>;tag=9fxced76sl\r
                    To: <sip:bob@home.example>\r
                    Call-ID: 3848276298220188511@pf.home.example\r
                    CSeq: 1 MESSAGE\r
                    P-Asserted-Identity: <sip:alice@home.example>\r
                    P-Asserted-Service: urn:urn-7:3gpp-service.ims.icsi.oma.cpm.msg\r
                    Accept-Contact: *;+g.3gpp.icsi-ref="urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg"\r
                    Conversation-ID: f81d4fae-7dec-11d0-a765-00a0c91e6bf6\r
                    Contribution-ID: abcdef01-7dec-11d0-a765-00a0c91e6bf6\r
                    User-Agent: CPM-serv/OMA2.2\r
                    Content-Type: message/cpim\r
                    Content-Length: 200\r
                    \r
                    """
                            + new Generator(1).text("abcdefgh ", 200, 200));

    private final Octets response =
            Octets.utf8(
                    """
                    SIP/2.0 200 OK\r
                    Via: SIP/2.0/UDP pf.home.example:5062;branch=z9hG4bK0123456789abcdef-1;rport=5062\r
                    From: "Alice" <sip:alice@home.example>;tag=9fxced76sl\r
                    To: <sip:bob@home.example>;tag=12345\r
                    Call-ID: 3848276298220188511@pf.home.example\r
                    CSeq: 1 MESSAGE\r
                    Content-Length: 0\r
                    \r
                    """);

    private final ByteBuffer out = ByteBuffer.allocateDirect(65_536);

    @Benchmark
    public SipMessage parse() {
        return SipParser.parse(request, Limits.DEFAULT);
    }

    @Benchmark
    public ByteBuffer parseAndWrite() {
        out.clear();
        parse().encoded().writeTo(out);
        return out;
    }

    /// What the transaction layer needs of a response.
    @Benchmark
    public int parseResponseAndMatch() {
        var message = (SipResponse) SipParser.parse(response, Limits.DEFAULT);
        return message.status() + message.topBranch().hashCode() + message.cseqMethod().hashCode();
    }

    /// With every field looked at, as a server does.
    @Benchmark
    public SipMessage parseAndCheck() {
        var message = parse();
        MessageRules.check(message, Limits.DEFAULT);
        return message;
    }

    @Benchmark
    public SipMessage parseAndAnswer() {
        return ((SipRequest) parse()).answer(StatusCode.OK).toTag("12345").build();
    }

    /// As a proxy does: one Via on top.
    @Benchmark
    public SipMessage parseAndForward() {
        return ((SipRequest) parse())
                .toBuilder()
                        .prepend(HeaderName.VIA, "SIP/2.0/UDP core.home.example;branch=z9hG4bK1")
                        .build();
    }

    /// Runs those that are named, or all.
    public static void main(String[] args) throws RunnerException {
        var options = new OptionsBuilder();
        var all = SipParseBenchmark.class.getSimpleName();
        for (var name : args.length > 0 ? args : new String[] {""}) {
            options.include(all + "\\." + name);
        }
        new Runner(options.build()).run();
    }
}
