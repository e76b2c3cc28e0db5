// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.kbuild;

import io.github.kpatch.build.source.KernelConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How kbuild is called for one kernel.
 *
 * @param release what {@code uname -r} is to say where the module is loaded
 * @param jobs how many compilers run at once
 * @param home the directory of ours that has {@code include} and what stands for programs
 */
public record KbuildSettings(String release, KernelConfig config, Compiler compiler, int jobs, Path home) {
    /**
     * objtool is to run over each object: where the kernel leaves that to its link (CONFIG_X86_KERNEL_IBT), there is
     * nothing to link here. What it does at a link only is left out (scripts/Makefile.lib of the kernel's sources).
     */
    private static final List<String> OBJTOOL_PER_OBJECT = List.of(
            "delay-objtool=", "objtool-args=$(filter-out --ibt,$(objtool-args-y)) $(if $(part-of-module), --module)");

    /** A function or variable in a section of its own can be told from the others, and be taken out. */
    private static final String SECTIONS = "-ffunction-sections -fdata-sections";

    /** The same with another directory of ours. */
    public KbuildSettings in(Path directory) {
        return new KbuildSettings(release, config, compiler, jobs, directory);
    }

    /** The variables of every call. */
    List<String> variables() {
        List<String> variables = new ArrayList<>(List.of("CC=" + compiler.program()));
        if (compiler.isClang()) {
            variables.add("LLVM=1");
        }
        variables.add("KERNELRELEASE=" + release); // which Debian's sources, by themselves, call otherwise
        variables.addAll(standIns().variables());
        variables.addAll(OBJTOOL_PER_OBJECT);
        return variables;
    }

    /**
     * The variables that objects are compiled with. The configuration stays what it is, whatever patches do to Kconfig
     * files: it depends on none (include/config/auto.conf.cmd, which scripts/kconfig writes).
     */
    List<String> ofObjects() {
        return List.of(flags(), "deps_config=");
    }

    private String flags() {
        return "KCFLAGS=" + SECTIONS + " -I" + includes() + " -include " + runtimeConstants();
    }

    /**
     * The variables of a full build. Its objects are only compared: they need no debug information, nor the keys that
     * modules are signed by and that a kernel trusts, which are not with its sources. A time would be another one each
     * time.
     */
    List<String> ofFullBuild() {
        return List.of(
                flags(),
                "CONFIG_DEBUG_INFO=",
                "CONFIG_MODULE_SIG_KEY=",
                "CONFIG_SYSTEM_TRUSTED_KEYS=",
                "CONFIG_SYSTEM_REVOCATION_KEYS=",
                "KBUILD_BUILD_TIMESTAMP=1980-01-01",
                "KBUILD_BUILD_VERSION=1");
    }

    /** The variables for a module from outside of the tree: no BTF, which would take the vmlinux that the kernel is. */
    List<String> ofModule(Path directory) {
        return List.of("M=" + directory, "CONFIG_DEBUG_INFO_BTF_MODULES=");
    }

    /** Where {@code kpatch-macros.h} is. */
    Path includes() {
        return home.resolve("include");
    }

    /** What stands for the kernel's own header, whose macros are of no use in a module. */
    Path runtimeConstants() {
        return includes().resolve("kpatch-runtime-const.h");
    }

    /** What stands for programs that are not needed. */
    StandIns standIns() {
        return new StandIns(home, config);
    }
}
