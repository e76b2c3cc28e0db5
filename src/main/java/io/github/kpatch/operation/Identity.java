// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.Sentence;
import io.github.kpatch.kernel.PatchInterface;
import io.github.kpatch.module.ModuleFile;
import io.github.kpatch.module.ModuleName;
import java.util.List;
import java.util.Optional;

/**
 * Whether the patch module in a file is the one that is loaded by its name: by all that both show of what they were
 * built from.
 */
final class Identity {
    /**
     * Something that two builds do not share.
     *
     * @param what its name
     * @param file what the file has
     * @param loaded what the kernel has
     */
    record Mark(String what, Optional<String> file, Optional<String> loaded) {
        boolean isInBoth() {
            return file.isPresent() && loaded.isPresent();
        }
    }

    private final ModuleName name;
    private final List<Mark> marks;

    Identity(Host host, ModuleFile file, PatchInterface patches) {
        this.name = file.module().name();
        this.marks = List.of(
                new Mark("checksum", file.module().checksum(), patches.checksum(name)),
                new Mark(
                        "srcversion",
                        file.module().field("srcversion"),
                        host.modules().attribute(name, "srcversion")),
                new Mark("build ID", file.module().buildId(), host.modules().buildId(name)));
    }

    /** What shows that they are two modules. */
    Optional<Mark> difference() {
        for (Mark mark : marks) {
            if (mark.isInBoth() && !mark.file().equals(mark.loaded())) {
                return Optional.of(mark);
            }
        }
        return Optional.empty();
    }

    /** That they are two modules, and what to do about it. */
    Optional<Sentence> conflict() {
        return difference()
                .map(mark -> Sentence.of(
                        "another patch module named " + name + " is loaded (its " + mark.what() + " is "
                                + mark.loaded().orElse("") + ", the file's is "
                                + mark.file().orElse("") + ")",
                        "run 'kpatch unload " + name + "' first"));
    }

    /** Whether there is anything to compare. */
    boolean isKnown() {
        for (Mark mark : marks) {
            if (mark.isInBoth()) {
                return true;
            }
        }
        return false;
    }
}
