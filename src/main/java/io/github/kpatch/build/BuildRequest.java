// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build;

import io.github.kpatch.build.kbuild.ModuleSigner;
import io.github.kpatch.build.source.Origin;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A patch module that is to be built.
 *
 * @param patches source patches, to be applied in this order
 * @param outOfTree a module from outside of the kernel's tree, if that is to be patched in place of the kernel
 */
public record BuildRequest(
        List<Path> patches, Kernel kernel, Result result, Manner manner, Optional<OutOfTree> outOfTree) {

    /**
     * The kernel that it is for.
     *
     * @param release empty for the running one
     * @param config its configuration, where it is not the one that is found
     * @param vmlinux its uncompressed image
     * @param symbols what has the positions of its symbols, where that is not what is found
     */
    public record Kernel(
            Optional<String> release,
            Origin origin,
            Optional<Path> config,
            Optional<Path> vmlinux,
            Optional<Path> symbols) {}

    /**
     * What comes of it.
     *
     * @param name the module's name; else it follows from the patches' names
     * @param directory where the module is put
     * @param replace whether patches that are loaded go when this one comes
     */
    public record Result(
            Optional<String> name,
            Path directory,
            boolean replace,
            List<String> cves,
            Optional<String> description,
            Optional<ModuleSigner> signer) {}

    /**
     * How it is gone about.
     *
     * @param checkOnly whether it ends with saying what would be patched
     * @param keep whether what was made on the way stays
     * @param targets what make is asked for in a full build
     */
    public record Manner(
            int jobs,
            boolean skipCompilerCheck,
            boolean checkOnly,
            boolean fullBuild,
            boolean keep,
            List<String> targets) {}

    /**
     * A module with sources of its own.
     *
     * @param module as it is loaded, a file
     * @param sources a directory with its makefile
     */
    public record OutOfTree(Path module, Path sources) {}
}
