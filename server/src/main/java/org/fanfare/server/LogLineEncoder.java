package org.fanfare.server;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;

import org.slf4j.helpers.MessageFormatter;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// One line an event: time, level, text. What is put in for `{}` may come from anybody: control
/// characters in it are escaped, and it is cut (reliability C1). The trace of a fault of ours
/// follows on lines of its own.
final class LogLineEncoder extends EncoderBase<ILoggingEvent> {

    private static final byte[] NOTHING = {};

    private final ThrowableProxyConverter traces = new ThrowableProxyConverter();

    @Override
    public void start() {
        traces.start();
        super.start();
    }

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        var line = new StringBuilder();
        line.append(Instant.ofEpochMilli(event.getTimeStamp()).truncatedTo(ChronoUnit.MILLIS));
        line.append(' ').append(event.getLevel()).append(' ');
        line.append(LogText.escaped(textOf(event))).append('\n');
        if (event.getThrowableProxy() != null) {
            traces.convert(event)
                    .lines()
                    .forEach(part -> line.append("    ").append(LogText.cut(part)).append('\n'));
        }
        return line.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String textOf(ILoggingEvent event) {
        var arguments = event.getArgumentArray();
        if (arguments == null) {
            return event.getFormattedMessage();
        }
        var safe = new Object[arguments.length];
        for (var i = 0; i < arguments.length; i++) {
            safe[i] = LogText.cut(String.valueOf(arguments[i]));
        }
        return MessageFormatter.basicArrayFormat(event.getMessage(), safe);
    }
}
