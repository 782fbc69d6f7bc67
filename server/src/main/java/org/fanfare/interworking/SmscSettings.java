package org.fanfare.interworking;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

import javax.net.ssl.SSLContext;

/// How an SMSC is reached, and what it can take.
///
/// @param host name or address
/// @param tls over TLS, with whom to believe; null: plain TCP
/// @param password at most 8 characters (SMPP 3.4 5.2.2)
/// @param source whom messages come from; null: the number of their originator
/// @param throughput submissions a second
/// @param window submissions without a response
/// @param parts short messages that one message may become
/// @param payload the SMSC divides long texts (`message_payload`), not we
/// @param response how long a response may take
/// @param enquireLink silence after which the connection is tested
/// @param pause before the first attempt to connect again; each one doubles it
/// @param longestPause between two attempts
public record SmscSettings(
        String host,
        int port,
        @Nullable SSLContext tls,
        String systemId,
        String password,
        String systemType,
        @Nullable SmsAddress source,
        int throughput,
        int window,
        int parts,
        boolean payload,
        Duration response,
        Duration enquireLink,
        Duration pause,
        Duration longestPause) {

    /// Together with the wait for a turn less than the 32 s that a MESSAGE waits for its answer.
    static final Duration LONGEST_TURN = Duration.ofSeconds(5);

    /// As SMPP names its fields.
    public static final int LONGEST_SYSTEM_ID = 15;

    public static final int LONGEST_PASSWORD = 8;
    public static final int LONGEST_SYSTEM_TYPE = 12;
    public static final int MOST_PARTS = ShortMessage.MOST_PARTS;

    /// As much as a MESSAGE can wait for beside its turns.
    public static final Duration LONGEST_RESPONSE = Duration.ofSeconds(15);

    /// Whether messages can come from there: a number or up to eleven characters.
    public static boolean isSource(String text) {
        return SmsAddress.isSource(text);
    }

    /// With what an operator sets; the rest by default.
    ///
    /// @param source as [#isSource] has it
    public static SmscSettings of(
            String host,
            int port,
            @Nullable SSLContext tls,
            String systemId,
            String password,
            String systemType,
            @Nullable String source) {
        return new SmscSettings(
                host,
                port,
                tls,
                systemId,
                password,
                systemType,
                source == null ? null : SmsAddress.parse(source),
                20,
                10,
                10,
                false,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(1),
                Duration.ofMinutes(1));
    }

    /// The same with what the SMSC allows.
    public SmscSettings with(int perSecond, int open, int mostParts, boolean undivided) {
        return new SmscSettings(
                host,
                port,
                tls,
                systemId,
                password,
                systemType,
                source,
                perSecond,
                open,
                mostParts,
                undivided,
                response,
                enquireLink,
                pause,
                longestPause);
    }

    /// The same with other times.
    public SmscSettings with(Duration forResponse, Duration silence) {
        return new SmscSettings(
                host,
                port,
                tls,
                systemId,
                password,
                systemType,
                source,
                throughput,
                window,
                parts,
                payload,
                forResponse,
                silence,
                pause,
                longestPause);
    }
}
