package org.fanfare.core;

import org.fanfare.sip.SipRequest;
import org.fanfare.sip.Via;
import org.fanfare.uri.HostPort;
import org.fanfare.wire.Sha256;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;

/// Tells a loop from a spiral (RFC 3261 16.3 step 4, RFC 5393 4.2): the second part of our branches
/// is a digest of all that decides where a request goes. When a request comes back with the same,
/// it would go the same way again.
final class LoopDetection {

    private static final char SEPARATOR = '.';

    private LoopDetection() {}

    /// The branch for a copy of a received request.
    ///
    /// @param unique with the magic cookie
    static String branch(String unique, SipRequest received) {
        return unique + SEPARATOR + digest(received);
    }

    /// Whether this very request has been forwarded by us before.
    static boolean isLoop(SipRequest received, Predicate<HostPort> isOurs) {
        var end = SEPARATOR + digest(received);
        return received.vias().stream()
                .filter(via -> isOurs.test(via.sentBy()))
                .map(Via::branch)
                .anyMatch(branch -> branch.orElse("").endsWith(end));
    }

    private static String digest(SipRequest request) {
        var fields =
                List.of(
                        request.requestUriText(),
                        request.from().tag().orElse(""),
                        request.to().tag().orElse(""),
                        request.callId(),
                        Long.toString(request.cseq().number()),
                        String.join(",", request.headerValues("Route")),
                        String.join(",", request.headerValues("Proxy-Require")));
        return Sha256.hex(String.join("\n", fields).getBytes(StandardCharsets.UTF_8), 8);
    }
}
