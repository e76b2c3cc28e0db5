// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.kbuild;

import io.github.kpatch.build.source.Disk;
import io.github.kpatch.build.source.TreeState;
import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.kernel.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Whether there is room on the disk for a full build: an hour's work is not to end for want of it. */
public final class FullBuildRoom {
    private static final long MIB = 1 << 20;

    /** The sources, what is prepared in them, and some objects, in MiB. */
    private static final long TREE = 2_500;

    /** What the objects for an option that is set take on the average, with all that kbuild has beside them, in MiB. */
    private static final double EACH_OPTION = 0.5;

    /** What is built for the patches of one run, in MiB. */
    private static final long FOR_PATCHES = 500;

    private final Tools tools;

    public FullBuildRoom(Tools tools) {
        this.tools = tools;
    }

    /**
     * Refuses a build that there is no room for.
     *
     * @param home the directory of ours for it, in which some of it may be already, beside the sources that modules are
     *     linked in
     * @param targets what make is asked for; none for the kernel and all its modules
     */
    public void require(Path home, KbuildSettings settings, List<String> targets) {
        List<String> lines = new ArrayList<>();
        Disk.makeDirectory(home);
        if (tools.find("df").isEmpty()
                || tools.run(List.of("df", "-B1", "--output=avail", home.toString()), home, lines::add) != 0) {
            return; // make says so when there is none
        }
        String last = lines.isEmpty() ? "" : lines.get(lines.size() - 1).strip();
        if (!last.matches("[0-9]{1,18}")) {
            return;
        }
        long needed = Math.max(FOR_PATCHES, all(settings, targets) - there(home.resolve("tree")))
                + Math.max(0, TREE - there(home.resolveSibling("tree")));
        long free = Long.parseLong(last) / MIB;
        if (free < needed) {
            throw new KpatchException(
                    Failure.FAILED,
                    home + ": a full build takes " + gib(needed) + " more, and the disk has " + gib(free) + " left",
                    "make room, name fewer targets by --target, or set CACHEDIR to a directory on another disk");
        }
    }

    private static long all(KbuildSettings settings, List<String> targets) {
        double objects = new FullTargets(targets).isWhole() ? settings.config().options() * EACH_OPTION : 0;
        return TREE + Math.round(objects);
    }

    private static long there(Path tree) {
        return Files.exists(tree) ? TreeState.of(tree).bytes() / MIB : 0;
    }

    private static String gib(long mib) {
        return String.format(Locale.ROOT, "%.1f GiB", mib / 1024.0);
    }
}
