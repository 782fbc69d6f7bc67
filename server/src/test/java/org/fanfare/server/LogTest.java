package org.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;

class LogTest {

    @Test
    void anEventIsOneLine() {
        assertThat(line("event=message id={} legs={}", null, "c1", 3))
                .matches("\\S+Z INFO event=message id=c1 legs=3\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r\n", "\n", "\u0000", "\u001b[31m", "\u2028", "\u202e", "\u0085"})
    void whatCouldBeginALineOrMoveACursorIsEscaped(String evil) { // C1
        var line = line("event=refused agent={}", null, "a" + evil + "event=forged");

        assertThat(line).contains("agent=a\\u").endsWith("event=forged\n");
        assertThat(line.strip()).doesNotContain(evil);
    }

    @Test
    void noLookUpIsMade() { // C1
        assertThat(line("event=refused agent={}", null, "${jndi:ldap://x}"))
                .endsWith("agent=${jndi:ldap://x}\n");
    }

    @Test
    void aValueIsCutAt256Characters() { // C1
        assertThat(line("a={}", null, "x".repeat(256))).endsWith("x\n");
        assertThat(line("a={}", null, "x".repeat(257))).endsWith("x".repeat(256) + "...\n");
        assertThat(line("a={}", null, "x".repeat(1_000_000))).hasSizeLessThan(400);
    }

    @Test
    void theTraceOfAFaultIsEscapedToo() {
        assertThat(line("event=fault", new IllegalStateException("a\u001b[2J"), "x"))
                .contains("IllegalStateException: a\\u001B[2J\n")
                .contains("    \\u0009at ");
    }

    @Test
    void logbackIsSetUpByUs() {
        var root =
                (ch.qos.logback.classic.Logger)
                        LoggerFactory.getLogger(ch.qos.logback.classic.Logger.ROOT_LOGGER_NAME);

        assertThat(root.getAppender("stderr")).isNotNull();
        assertThat(root.getLevel()).isEqualTo(Level.INFO);
    }

    private static String line(String text, @Nullable Throwable fault, Object... values) {
        var encoder = new LogLineEncoder();
        encoder.start();
        var logger = new LoggerContext().getLogger("test");
        var event = new LoggingEvent("", logger, Level.INFO, text, fault, values);
        return new String(encoder.encode(event), StandardCharsets.UTF_8);
    }
}
