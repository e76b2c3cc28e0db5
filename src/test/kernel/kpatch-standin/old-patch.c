// SPDX-License-Identifier: GPL-2.0
/*
 * A patch module of the kind that the core module "kpatch" served: it is no
 * livepatch module, tells its checksum and functions in sections of its own,
 * and registers itself. Registered with the stand-in, it patches nothing.
 */
#include <linux/seq_file.h>
#include "../kpatch-sections.h"
#include "kpatch-standin.h"

static const char checksum[] __used __section(".kpatch.checksum") = CHECKSUM;

static int patched_cmdline(struct seq_file *m, void *v)
{
	seq_puts(m, "patched by " KBUILD_MODNAME "\n");
	return 0;
}

static int patched_version(struct seq_file *m, void *v)
{
	seq_puts(m, "patched by " KBUILD_MODNAME "\n");
	return 0;
}

KPATCH_RECORD(record_cmdline, "vmlinux", "cmdline_proc_show", patched_cmdline);
KPATCH_RECORD(record_version, "vmlinux", "version_proc_show", patched_version);

static struct kpatch_standin_func funcs[] = {
	{ .object = "vmlinux", .name = "cmdline_proc_show", .new_addr = (unsigned long)patched_cmdline, },
	{ .object = "vmlinux", .name = "version_proc_show", .new_addr = (unsigned long)patched_version, },
};

static struct kpatch_standin_patch patch = {
	.mod = THIS_MODULE,
	.checksum = checksum,
	.funcs = funcs,
	.count = ARRAY_SIZE(funcs),
};

static int __init old_patch_init(void)
{
	return kpatch_register(&patch);
}

static void __exit old_patch_exit(void)
{
	kpatch_unregister(&patch);
}

module_init(old_patch_init);
module_exit(old_patch_exit);
MODULE_DESCRIPTION("Patch module for the stand-in core module");
MODULE_LICENSE("GPL");
