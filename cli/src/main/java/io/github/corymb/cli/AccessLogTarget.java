package io.github.corymb.cli;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import io.github.corymb.feature.InputException;
import org.slf4j.LoggerFactory;

/// Where the server's access log goes: to a file, which at 64 MiB is compressed beside it, at most 10 of them, or to
/// standard output. Requests never wait for it: where the disk does not follow, lines are lost.
final class AccessLogTarget {

    private static final String NAME = "corymb.access";
    private static final FileSize SIZE_LIMIT = new FileSize(64 * FileSize.MB_COEFFICIENT);
    private static final int FILE_COUNT = 10;
    private static final int QUEUE_LIMIT = 4096;

    private AccessLogTarget() {}

    /// @param file or `-` for standard output
    /// @throws InputException where the file cannot be written
    static void open(String file) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%msg%n");
        encoder.start();
        OutputStreamAppender<ILoggingEvent> target =
                file.equals("-") ? new ConsoleAppender<>() : rolling(file, context);
        target.setContext(context);
        target.setEncoder(encoder);
        target.start();
        if (!target.isStarted()) {
            throw new InputException("--access-log %s: expected a file that can be written".formatted(file));
        }
        AsyncAppender queue = new AsyncAppender();
        queue.setContext(context);
        queue.setQueueSize(QUEUE_LIMIT);
        queue.setNeverBlock(true);
        queue.addAppender(target);
        queue.start();
        Logger logger = context.getLogger(NAME);
        logger.setAdditive(false);
        logger.setLevel(Level.INFO);
        logger.detachAndStopAllAppenders();
        logger.addAppender(queue);
    }

    /// Writes what is queued, and ends.
    static void close() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.getLogger(NAME).detachAndStopAllAppenders();
    }

    private static RollingFileAppender<ILoggingEvent> rolling(String file, LoggerContext context) {
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setContext(context);
        appender.setFile(file);
        FixedWindowRollingPolicy names = new FixedWindowRollingPolicy();
        names.setContext(context);
        names.setParent(appender);
        names.setFileNamePattern(file + ".%i.gz");
        names.setMaxIndex(FILE_COUNT);
        names.start();
        SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
        size.setContext(context);
        size.setMaxFileSize(SIZE_LIMIT);
        size.start();
        appender.setRollingPolicy(names);
        appender.setTriggeringPolicy(size);
        return appender;
    }
}
