// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.Logger;

/** The log of a verbose run, on standard error: a context of its own, so that nothing outlives the run. */
final class VerboseLog {
    private VerboseLog() {}

    static Logger logger(Console console) {
        LoggerContext context = new LoggerContext();
        ToConsole appender = new ToConsole(console);
        appender.setContext(context);
        appender.start();
        ch.qos.logback.classic.Logger logger = context.getLogger("kpatch");
        logger.setLevel(Level.DEBUG);
        logger.addAppender(appender);
        return logger;
    }

    private static final class ToConsole extends AppenderBase<ILoggingEvent> {
        private final Console console;

        ToConsole(Console console) {
            this.console = console;
        }

        @Override
        protected void append(ILoggingEvent event) {
            console.error("kpatch: " + event.getFormattedMessage());
        }
    }
}
