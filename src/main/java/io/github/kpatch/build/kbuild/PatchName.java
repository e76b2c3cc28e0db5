// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.kbuild;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.module.ModuleName;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a patch module is called: a name that kbuild, the kernel and file systems take. Its file is {@code NAME.ko}.
 */
public record PatchName(String text) {
    private static final String PREFIX = "livepatch-";
    private static final Pattern GOOD = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]*");

    /** kbuild's own lists would be taken for the objects of a module of that name (Documentation/kbuild/makefiles.rst). */
    private static final Set<String> OF_KBUILD = Set.of(
            "obj",
            "lib",
            "subdir",
            "extra",
            "always",
            "ccflags",
            "asflags",
            "ldflags",
            "hostprogs",
            "userprogs",
            "core");

    /** The name that the user chose. */
    public static PatchName chosen(String name) {
        if (!GOOD.matcher(name).matches() || OF_KBUILD.contains(name)) {
            throw new KpatchException(
                    Failure.REFUSED, "'" + name + "' cannot be a module's name", "take letters, digits, - and _");
        }
        if (name.length() > ModuleName.MAX_LENGTH || name.startsWith("kpatch-module") || name.startsWith("object-")) {
            throw new KpatchException(
                    Failure.REFUSED,
                    "'" + name + "' cannot be a module's name",
                    "take one of at most " + ModuleName.MAX_LENGTH + " characters that begins otherwise");
        }
        return new PatchName(name);
    }

    /** The name that follows from the patches' files: of one its name, of several none in particular. */
    public static PatchName of(List<Path> patches) {
        String name = patches.size() == 1 ? String.valueOf(patches.get(0).getFileName()) : "patch";
        String stem = PREFIX + name.replaceFirst("\\.(?:patch|diff)$", "").replaceAll("[^A-Za-z0-9_-]+", "-");
        return new PatchName(stem.length() <= ModuleName.MAX_LENGTH ? stem : stem.substring(0, ModuleName.MAX_LENGTH));
    }

    @Override
    public String toString() {
        return text;
    }
}
