// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.vm;

import java.util.List;

/**
 * A change of the kernel that can be seen.
 *
 * @param patch the source patch, in src/test/patches
 * @param functions those that it patches in the kernel
 * @param section one that the module has to have for it
 * @param command the shell command that shows it
 * @param before what that prints without the patch
 * @param after what it prints with it
 */
record KernelChange(String patch, List<String> functions, String section, String command, String before, String after) {

    static List<KernelChange> all() {
        return List.of(
                of("meminfo-string", "meminfo_proc_show", ".text", "grep -io vmallocchunk /proc/meminfo")
                        .shows("VmallocChunk", "VMALLOCCHUNK"),
                of("static-local", "uptime_proc_show", ".data", "for i in 1 2 3; do third_of_uptime; done")
                        .shows("none\nnone\nnone", "11\n12\n13"),
                of("moved-warn", "misc_seq_show", ".text", "grep -o '[^ ]*cpu_dma_latency.*' /proc/misc")
                        .shows("cpu_dma_latency", "[cpu_dma_latency]"),
                of("static-key", "proc_sched_show_task", "__jump_table", "for on in 1 0 1 0; do schedstats $on; done")
                        .shows(
                                "1 wait_sum\n0\n1 wait_sum\n0",
                                "1 patched wait_sum\n0 patched\n1 patched wait_sum\n0 patched"),
                of("alternatives", "filldir64", ".altinstructions", "names").shows("kpt_hidden kpt_shown", "kpt_shown"),
                of("switch", "do_syslog", ".text", "syslog_actions 10 11 12").shows("size,-1,-1", "size,42,-1"),
                of("shared-global", "loadavg_proc_show uptime_proc_show", ".data", "third_of_uptime; sixth_of_loadavg")
                        .shows("none\nnone", "none\n101"),
                of("shadow-variable", "loadavg_proc_show", ".text", "count_by_shadow")
                        .shows("none none none", "1 2 1"),
                of("sched-text", "do_nanosleep", ".text", "doze").shows("asleep", "awake"));
    }

    private static KernelChange of(String patch, String functions, String section, String command) {
        return new KernelChange(
                patch,
                List.of(functions.split(" ", -1)).stream()
                        .map(f -> "vmlinux:" + f)
                        .toList(),
                section,
                command,
                "",
                "");
    }

    private KernelChange shows(String without, String with) {
        return new KernelChange(patch, functions, section, command, without, with);
    }

    /** What the module is called. */
    String module() {
        return "kpt_" + patch.replace('-', '_');
    }

    @Override
    public String toString() {
        return patch;
    }
}
