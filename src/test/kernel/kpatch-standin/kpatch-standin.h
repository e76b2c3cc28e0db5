/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KPATCH_STANDIN_H
#define KPATCH_STANDIN_H

#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/sysfs.h>

struct kpatch_standin_func {
	const char *object;
	const char *name;
	unsigned long old_addr, new_addr;

	/* the core's own */
	struct kobject *dir;
	struct kobj_attribute old_attr, new_attr;
};

struct kpatch_standin_patch {
	struct module *mod;
	const char *checksum;
	struct kpatch_standin_func *funcs;
	int count;

	/* the core's own */
	bool enabled;
	struct kobject *dir, *functions;
	struct kobj_attribute enabled_attr, checksum_attr;
};

int kpatch_register(struct kpatch_standin_patch *patch);
void kpatch_unregister(struct kpatch_standin_patch *patch);

#endif
