// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import java.util.List;
import java.util.Optional;

/**
 * Who runs this process (proc(5)).
 *
 * @param uid the effective user
 * @param loginUid who logged in, whatever user they have become since
 * @param terminal the controlling terminal, such as {@code pts/0}
 * @param unit the systemd unit: a service, or the scope of a login
 */
public record Caller(int uid, Optional<String> loginUid, Optional<String> terminal, Optional<String> unit) {
    private static final String NO_LOGIN = "4294967295";
    /** The field tty_nr of /proc/PID/stat, counted from the one behind the name. */
    private static final int TTY_NR = 4;

    /** Fixed numbers of devices (Documentation/admin-guide/devices.txt). */
    private static final int CONSOLE_MAJOR = 4;

    private static final int FIRST_SERIAL_MINOR = 64;
    private static final int FIRST_PTS_MAJOR = 136;
    private static final int LAST_PTS_MAJOR = 143;

    /** Who runs kpatch. */
    public static Caller of(Machine machine) {
        Roots roots = machine.roots();
        return new Caller(
                machine.userId(),
                KernelFiles.read(roots.proc().resolve("self/loginuid")).filter(uid -> !uid.equals(NO_LOGIN)),
                KernelFiles.read(roots.proc().resolve("self/stat")).flatMap(Caller::terminal),
                unit(KernelFiles.lines(roots.proc().resolve("self/cgroup"))));
    }

    /** The terminal that /proc/PID/stat names by its device's number; the name before it may have anything in it. */
    static Optional<String> terminal(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
        try {
            return fields.length > TTY_NR ? terminal(Integer.parseInt(fields[TTY_NR])) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** A device number has its major in bits 8 to 19, and the minor around that (include/linux/kdev_t.h). */
    private static Optional<String> terminal(int number) {
        int major = (number >>> 8) & 0xfff;
        int minor = (number & 0xff) | ((number >>> 12) & 0xfff00);
        if (major >= FIRST_PTS_MAJOR && major <= LAST_PTS_MAJOR) {
            return Optional.of("pts/" + (minor + (major - FIRST_PTS_MAJOR) * 256));
        }
        if (major == CONSOLE_MAJOR) {
            return Optional.of(minor < FIRST_SERIAL_MINOR ? "tty" + minor : "ttyS" + (minor - FIRST_SERIAL_MINOR));
        }
        return number == 0 ? Optional.empty() : Optional.of(major + ":" + minor);
    }

    /** The innermost unit in the path of a control group (cgroups(7), "/proc/[pid]/cgroup"). */
    static Optional<String> unit(List<String> lines) {
        for (String line : lines) {
            String[] path = line.split("/", -1);
            for (int i = path.length - 1; i > 0; i--) {
                if (path[i].endsWith(".service") || path[i].endsWith(".scope")) {
                    return Optional.of(path[i]);
                }
            }
        }
        return Optional.empty();
    }
}
