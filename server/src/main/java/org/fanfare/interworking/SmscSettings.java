package org.fanfare.interworking;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;

import javax.net.ssl.SSLContext;

/// How an SMSC is reached, and what it can take.
///
/// @param host name or address
/// @param tls over TLS, with whom to believe; null: plain TCP
/// @param source whom messages come from, as [#isSource] has it; null: the number of their
///   originator
/// @param response how long a response may take
/// @param enquireLink silence after which the connection is tested
public record SmscSettings(
        String host,
        int port,
        @Nullable SSLContext tls,
        Account account,
        @Nullable String source,
        Capacity capacity,
        Duration response,
        Duration enquireLink) {

    /// As SMPP names its fields.
    public static final int LONGEST_SYSTEM_ID = 15;

    public static final int LONGEST_PASSWORD = 8;
    public static final int LONGEST_SYSTEM_TYPE = 12;
    public static final int MOST_PARTS = ShortMessage.MOST_PARTS;

    /// As much as a MESSAGE can wait for beside its turns.
    public static final Duration LONGEST_RESPONSE = Duration.ofSeconds(15);

    /// Who we are to it (SMPP 3.4 5.2.1 to 5.2.3).
    public record Account(String systemId, String password, String systemType) {}

    /// What it takes of us.
    ///
    /// @param throughput submissions a second
    /// @param window submissions without a response
    /// @param parts short messages that one message may become
    /// @param payload it divides long texts (`message_payload`), not we
    public record Capacity(int throughput, int window, int parts, boolean payload) {}

    /// Whether messages can come from there: a number or up to eleven characters.
    public static boolean isSource(String text) {
        return SmsAddress.isSource(text);
    }

    Optional<SmsAddress> fixedSource() {
        return Optional.ofNullable(source).map(SmsAddress::parse);
    }
}
