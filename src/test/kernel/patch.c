// SPDX-License-Identifier: GPL-2.0
/*
 * All the livepatch modules of the tests. Without a macro, one that patches
 * /proc/cmdline to name it; modules.list has the macros of each.
 */
#include <linux/kernel.h>
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/workqueue.h>
#include "kpatch-sections.h"
#include "target.h"

#ifdef KPT_OTHER_TEXT
#define TEXT "patched by another " KBUILD_MODNAME "\n"
#else
#define TEXT "patched by " KBUILD_MODNAME "\n"
#endif

/* The replacements, and the list of them for each object. */

#ifdef KPT_STALL

static noinline int patched_sleep(bool user)
{
	return KPT_SLEEP(user);
}

#define TARGET_FUNCTIONS(F) F("kpt_target", "kpt_target_sleep", patched_sleep)

#else

static int patched_cmdline(struct seq_file *m, void *v)
{
	seq_puts(m, TEXT);
	return 0;
}

#ifdef KPT_BADFUNC
#define VMLINUX_FUNCTIONS(F) F("vmlinux", "kpt_no_such_function", patched_cmdline)
#elif !defined(KPT_MANY)
#ifndef KPT_FUNCTION
#define KPT_FUNCTION "cmdline_proc_show"
#endif
#define VMLINUX_FUNCTIONS(F) F("vmlinux", KPT_FUNCTION, patched_cmdline)
#else

static int patched_version(struct seq_file *m, void *v)
{
	seq_puts(m, TEXT);
	return 0;
}

static int patched_loadavg(struct seq_file *m, void *v)
{
	seq_puts(m, "0.00 0.00 0.00 1/1 1\n");
	return 0;
}

static const char *patched_greeting(void)
{
	return KBUILD_MODNAME;
}

static int patched_number(void)
{
	return 2;
}

#define VMLINUX_FUNCTIONS(F)					\
	F("vmlinux", "cmdline_proc_show", patched_cmdline)	\
	F("vmlinux", "version_proc_show", patched_version)	\
	F("vmlinux", "loadavg_proc_show", patched_loadavg)
#define TARGET_FUNCTIONS(F)					\
	F("kpt_target", "kpt_target_greeting", patched_greeting)	\
	F("kpt_target", "kpt_target_number", patched_number)

#endif
#endif

#define KLP_FUNC(object, function, replacement) { .old_name = function, .new_func = replacement, },
#define RECORD(object, function, replacement) KPATCH_RECORD(record_##replacement, object, function, replacement);

#ifdef VMLINUX_FUNCTIONS
static struct klp_func vmlinux_funcs[] = { VMLINUX_FUNCTIONS(KLP_FUNC) { } };
#endif
#ifdef TARGET_FUNCTIONS
static struct klp_func target_funcs[] = { TARGET_FUNCTIONS(KLP_FUNC) { } };
#endif

#ifdef KPT_SECTIONS
VMLINUX_FUNCTIONS(RECORD)
TARGET_FUNCTIONS(RECORD)
#endif

static struct klp_object objects[] = {
#ifdef VMLINUX_FUNCTIONS
	{ .name = NULL, .funcs = vmlinux_funcs, },	/* vmlinux has no name */
#endif
#ifdef TARGET_FUNCTIONS
	{ .name = "kpt_target", .funcs = target_funcs, },
#endif
	{ }
};

static struct klp_patch patch = {
	.mod = THIS_MODULE,
	.objs = objects,
#ifdef KPT_REPLACE
	.replace = true,
#endif
};

#ifdef KPT_NOSYM
void kpt_no_such_symbol(void);
#endif

#ifdef KPT_PANIC_LATER
static void die(struct work_struct *work)
{
	panic("kpt: 3 seconds after the load");
}

static DECLARE_DELAYED_WORK(death, die);
#endif

static int __init patch_init(void)
{
#if defined(KPT_BUSY)
	if (kpt_target_attempt() <= 2)
		return -EBUSY;
#elif defined(KPT_INITFAIL)
	if (patch.mod)
		return -ENODEV;
#elif defined(KPT_NOSYM)
	kpt_no_such_symbol();
#elif defined(KPT_PANIC)
	panic("kpt: in the init of the module");
#elif defined(KPT_PANIC_LATER)
	schedule_delayed_work(&death, 3 * HZ);
#endif
	return klp_enable_patch(&patch);
}

static void __exit patch_exit(void)
{
}

module_init(patch_init);
module_exit(patch_exit);
MODULE_DESCRIPTION("Patch module for tests");
MODULE_AUTHOR("kpatch's tests");
MODULE_LICENSE("GPL");
MODULE_INFO(livepatch, "Y");
#ifdef KPT_CVE
MODULE_INFO(cve, KPT_CVE);
#endif
