// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.testing.fault;

import io.github.kpatch.kernel.SystemCallException;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * Counts the steps of one process, and fails one of them once. After the process was killed nothing that it does has an
 * effect: what Java still runs of it on the way out ({@code finally}) would not have run.
 */
public final class Steps {
    /** The end of the process; nothing in the program catches it. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;

        Killed() {
            super("killed", null, false, false);
        }
    }

    private final BiPredicate<Integer, String> failing;
    private final Fault fault;
    private final List<String> taken = new ArrayList<>();
    private final List<Channel> open = new ArrayList<>();
    private boolean killed;

    private Steps(BiPredicate<Integer, String> failing, Fault fault) {
        this.failing = failing;
        this.fault = fault;
    }

    /** None fails. */
    public static Steps unharmed() {
        return new Steps((number, words) -> false, Fault.EIO);
    }

    /** The one of that number fails, from 0. */
    public static Steps failing(int step, Fault fault) {
        return new Steps((number, words) -> number == step, fault);
    }

    /** Those fail that are said by these words. */
    public static Steps failingAt(String step, Fault fault) {
        return new Steps((number, words) -> words.equals(step), fault);
    }

    /** The steps so far, in words. */
    public List<String> taken() {
        return List.copyOf(taken);
    }

    /** How many files are open. */
    int open() {
        return open.size();
    }

    void opened(Channel channel) {
        open.add(channel);
    }

    void closed(Channel channel) {
        open.remove(channel);
    }

    /** Closes what the process left open, as the kernel does at its end. */
    void end() throws IOException {
        killed = true;
        for (Channel channel : List.copyOf(open)) {
            channel.close();
        }
    }

    boolean isKilled() {
        return killed;
    }

    /** The next step is one on a file. */
    void file(String step, Path path) throws IOException {
        if (fails(step + " " + path)) {
            throw fault == Fault.EACCES
                    ? new AccessDeniedException(path.toString())
                    : new FileSystemException(path.toString(), null, fault.text);
        }
    }

    /** The next step is one on an open file, of which Java does not keep the name. */
    void openFile(String step, Path path) throws IOException {
        if (fails(step + " " + path)) {
            throw new IOException(fault.text);
        }
    }

    /** The next step is a call of the kernel. */
    void call(String call, String argument) throws SystemCallException {
        if (fails(call + " " + argument)) {
            throw new SystemCallException(call, argument, fault.errno.number());
        }
    }

    /** Whether the next step fails, where it has no exception to say so. */
    boolean fails(String step) {
        if (killed) {
            throw new Killed();
        }
        int number = taken.size();
        taken.add(step);
        if (!failing.test(number, step)) {
            return false;
        }
        if (fault == Fault.KILL) {
            killed = true;
            throw new Killed();
        }
        return true;
    }

    /** Whether the next step is the one that fails: a write comes to its middle then. */
    boolean nextFails(String step) {
        return !killed && failing.test(taken.size(), step);
    }
}
