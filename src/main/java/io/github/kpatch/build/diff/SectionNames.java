// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff;

import java.util.List;
import java.util.Set;

/** What sections of kernel objects are for, which their names tell ({@code include/asm-generic/vmlinux.lds.h}). */
final class SectionNames {
    /** Read by the build, by module loading or by debuggers, and not by the running code that may be patched. */
    private static final List<String> IGNORED = List.of(
            ".discard.",
            ".note",
            ".comment",
            ".debug",
            ".eh_frame",
            ".modinfo",
            ".export_symbol",
            "__ksymtab",
            "___ksymtab",
            "__kcrctab",
            "___kcrctab",
            ".initcall",
            ".con_initcall",
            ".orc_header",
            ".printk_index",
            "__kentry",
            "_kprobe_blacklist",
            "_error_injection_whitelist");

    private static final Set<String> ONCE = Set.of(".data.once", ".data..once", ".data.unlikely");

    private SectionNames() {}

    static boolean isIgnored(String name) {
        return name.equals(".BTF")
                || name.equals(".discard")
                || IGNORED.stream().anyMatch(name::startsWith);
    }

    /** Code and data that the kernel throws away when it is up, or when a module is. */
    static boolean isInit(String name) {
        return name.startsWith(".init.") || name.startsWith(".meminit.");
    }

    static boolean isExit(String name) {
        return name.startsWith(".exit.");
    }

    /** Variables that need nothing but to be there, per processor or not. */
    static boolean isPlainData(String name) {
        return name.startsWith(".data") || name.startsWith(".bss") || name.startsWith(".rodata");
    }

    /** Flags of what is only said once: saying it once more does no harm. A variable may have the section's name, too. */
    static boolean isOnce(String name, String variable) {
        return ONCE.contains(name) && !name.equals(".data." + SymbolNames.lasting(variable));
    }

    /** Where macros that describe a message keep the descriptions. */
    static boolean isOfMessages(String name) {
        return isOfDynamicDebug(name) || name.startsWith(".printk_index");
    }

    static boolean isOfDynamicDebug(String name) {
        return name.equals("__dyndbg") || name.equals("__verbose");
    }

    /**
     * What the sanitizer of undefined behaviour says of an operation; gcc and clang number these anew in every object,
     * and give them no symbols.
     */
    static boolean isOfSanitizer(String name) {
        return name.contains("..Lubsan_") || name.contains("..L__unnamed_");
    }

    /** What the macros for authors of patches put there. */
    static boolean isForPatch(String name) {
        return name.startsWith(".kpatch.");
    }
}
