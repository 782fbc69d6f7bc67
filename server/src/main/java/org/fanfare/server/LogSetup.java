package org.fanfare.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;

import java.util.Map;

/// How the log is set up; found by logback through `META-INF/services`. In code, because reading a
/// configuration file would cost a quarter of the start. The property `fanfare.log` is the level.
public final class LogSetup extends ContextAwareBase implements Configurator {

    /// Libraries that are not asked for their opinion.
    private static final Map<String, Level> QUIET =
            Map.of(
                    "com.zaxxer.hikari", Level.WARN,
                    "org.jsmpp", Level.ERROR,
                    "org.sqlite", Level.WARN);

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        var encoder = new LogLineEncoder();
        encoder.setContext(context);
        encoder.start();

        var appender = new ConsoleAppender<ILoggingEvent>();
        appender.setContext(context);
        appender.setName("stderr");
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();

        QUIET.forEach((name, level) -> context.getLogger(name).setLevel(level));
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.toLevel(System.getProperty("fanfare.log"), Level.INFO));
        root.addAppender(appender);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
