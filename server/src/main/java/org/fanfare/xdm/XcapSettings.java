package org.fanfare.xdm;

import java.net.URI;
import java.time.Duration;

/// How preferences are read.
///
/// @param root XCAP root (RFC 4825 6.1)
/// @param document path of a user's rules below the root; `{user}` stands for his address
/// @param cache how long a document counts before it is asked for again
/// @param connectWithin a connection to the server
/// @param answerWithin a whole request, its connection included
/// @param mostOctets of a document
/// @param mostUsers whose preferences are remembered
/// @param mostRequests at the same time; beyond, the server counts as too slow
public record XcapSettings(
        URI root,
        String document,
        Duration cache,
        Duration connectWithin,
        Duration answerWithin,
        int mostOctets,
        int mostUsers,
        int mostRequests) {

    /// Rules of the usage for access in OMA XDM (references l).
    public static final String ACCESS_RULES =
            "org.openmobilealliance.access-rules/users/{user}/access-rules";

    public static final String USER = "{user}";

    /// A message waits for no more than the two seconds that this needs.
    public static XcapSettings of(URI root, String document, Duration cache) {
        return new XcapSettings(
                root,
                document,
                cache,
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                256 * 1024,
                10_000,
                64);
    }
}
