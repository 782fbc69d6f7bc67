package org.fanfare.cli.lint;

import org.fanfare.msrp.Continuation;
import org.fanfare.msrp.MalformedMsrp;
import org.fanfare.msrp.MsrpDecoder;
import org.fanfare.msrp.MsrpLimits;
import org.fanfare.msrp.MsrpRequest;
import org.fanfare.msrp.MsrpResponse;
import org.fanfare.msrp.MsrpStatus;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.OptionalInt;

/// Judges the octets that one side of an MSRP connection writes: one message, or several.
final class MsrpVerdict implements MsrpDecoder.Listener {

    private @Nullable Verdict bad;
    private @Nullable String first;
    private int unknownMethods;
    private int messages;
    private long content;

    private MsrpVerdict() {}

    /// As good as its first bad message; octets that end in the middle of one are bad too.
    static Verdict of(Octets octets) {
        var decoder = new MsrpDecoder(MsrpLimits.DEFAULT);
        var judge = new MsrpVerdict();
        decoder.feed(octets.asByteBuffer(), judge);
        decoder.quiet(judge);
        var verdict = judge.bad;
        if (verdict != null) {
            return verdict;
        }
        if (octets.isEmpty() || decoder.isInMessage()) {
            return Verdict.bad(
                    new MalformedMessage(
                            octets.isEmpty()
                                    ? "expected an MSRP message, found nothing"
                                    : "the octets end within a message",
                            octets.length(),
                            "RFC 4975 7"));
        }
        return judge.good();
    }

    private Verdict good() {
        var what =
                messages == 1
                        ? first + ", " + content + " octets of content"
                        : messages + " MSRP messages, " + content + " octets of content";
        return unknownMethods > 0
                ? new Verdict(true, what, OptionalInt.of(MsrpStatus.UNKNOWN_METHOD))
                : Verdict.good(what);
    }

    @Override
    public void onRequest(MsrpRequest request) {
        try {
            request.check();
        } catch (MalformedMessage fault) {
            var answered =
                    new Verdict(
                            false,
                            String.valueOf(fault.getMessage()),
                            OptionalInt.of(MsrpStatus.BAD_REQUEST));
            onBad(hasPaths(request) ? answered : Verdict.bad(fault));
        }
        if (!request.isSend() && !request.isReport()) {
            unknownMethods++;
        }
        count("MSRP request " + request.method());
    }

    /// Only then there is somebody to answer.
    private static boolean hasPaths(MsrpRequest request) {
        try {
            request.fields().toPath();
            request.fields().fromPath();
            return true;
        } catch (MalformedMessage _) {
            return false;
        }
    }

    @Override
    public void onContent(ByteBuffer octets) {
        content += octets.remaining();
    }

    @Override
    public void onEnd(Continuation continuation) {}

    @Override
    public void onResponse(MsrpResponse response) {
        try {
            response.check();
        } catch (MalformedMessage fault) {
            onBad(Verdict.bad(fault));
        }
        count("MSRP response " + response.status());
    }

    @Override
    public void onMalformed(MalformedMsrp fault) {
        onBad(Verdict.bad(fault));
    }

    private void count(String what) {
        messages++;
        if (first == null) {
            first = what;
        }
    }

    private void onBad(Verdict verdict) {
        if (bad == null) {
            bad = verdict;
        }
    }
}
