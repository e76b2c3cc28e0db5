// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel.jna;

import io.github.kpatch.kernel.Errno;
import io.github.kpatch.kernel.KernelLog;
import io.github.kpatch.kernel.SystemCallException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;

/** /dev/kmsg (Documentation/ABI/testing/dev-kmsg): each read(2) gives one record, each write(2) leaves one. */
public final class Kmsg implements KernelLog {
    private static final int RECORD_LIMIT = 8192;
    /** A record is {@code facility * 8 + level}: the kernel's own facility is 0, and 7 is the level of debugging. */
    private static final int KERNEL_INFO = 6;
    /** Facility user, level info: what marks a record as not the kernel's. */
    private static final String USER_INFO = "<14>";

    private final Supplier<LibC> libC;
    private final Path device;
    private final Logger log;

    /** @param libC the C library, taken when the log is first listened to */
    public Kmsg(Supplier<LibC> libC, Path device, Logger log) {
        this.libC = libC;
        this.device = device;
        this.log = log;
    }

    @Override
    public Listener listen() {
        try {
            LibC calls = libC.get();
            int fd = calls.open(device.toString(), LibC.O_RDONLY | LibC.O_NONBLOCK);
            calls.seekToEnd(fd, device.toString());
            return new Reader(calls, fd);
        } catch (SystemCallException e) {
            log.debug("the kernel log cannot be read", e);
            return new Deaf();
        }
    }

    @Override
    public void record(String line) {
        // without the C library: a record must not make an install fail for want of it
        try (OutputStream out = Files.newOutputStream(device, StandardOpenOption.WRITE)) {
            out.write((USER_INFO + "kpatch: " + line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            log.debug("the kernel log cannot be written", e);
        }
    }

    /** The message in a record such as {@code 6,1234,5678901,-;the message}, where it is one of the kernel's. */
    static List<String> parse(String entry) {
        int comma = entry.indexOf(',');
        int message = entry.indexOf(';');
        if (comma < 0 || message < comma) {
            return List.of();
        }
        try {
            if (Integer.parseInt(entry.substring(0, comma)) > KERNEL_INFO) {
                return List.of();
            }
        } catch (NumberFormatException e) {
            return List.of();
        }
        int end = entry.indexOf('\n', message);
        return List.of(entry.substring(message + 1, end < 0 ? entry.length() : end));
    }

    private final class Reader implements Listener {
        private final LibC calls;
        private final int fd;

        Reader(LibC calls, int fd) {
            this.calls = calls;
            this.fd = fd;
        }

        @Override
        public List<String> lines() {
            List<String> lines = new ArrayList<>();
            byte[] buffer = new byte[RECORD_LIMIT];
            while (true) {
                try {
                    int length = calls.read(fd, buffer, device.toString());
                    lines.addAll(parse(new String(buffer, 0, length, StandardCharsets.UTF_8)));
                } catch (SystemCallException e) {
                    if (e.errno() != Errno.EPIPE) { // records were overwritten before they were read; go on
                        if (e.errno() != Errno.EAGAIN) {
                            log.debug("the kernel log cannot be read", e);
                        }
                        return lines;
                    }
                }
            }
        }

        @Override
        public void close() {
            calls.close(fd);
        }
    }

    /** Where the log may not be read (kernel.dmesg_restrict, a container). */
    private static final class Deaf implements Listener {
        @Override
        public List<String> lines() {
            return List.of();
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
