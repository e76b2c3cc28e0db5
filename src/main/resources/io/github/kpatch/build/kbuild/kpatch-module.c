// SPDX-License-Identifier: GPL-2.0
/*
 * Makes one livepatch of what the objects linked with it bring. Their tables
 * of functions and callbacks are named in kpatch-tables.h, which is written
 * for each module. Documentation/livepatch tells what a livepatch is made of.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/string.h>

/* One function that is replaced. */
struct kpatch_func_entry {
	unsigned long new_addr;
	unsigned long new_size;
	unsigned long old_addr;
	unsigned long old_size;
	unsigned long sympos;
	const char *name;
	const char *objname;
};

enum kpatch_callback_kind {
	KPATCH_PRE_PATCH,
	KPATCH_POST_PATCH,
	KPATCH_PRE_UNPATCH,
	KPATCH_POST_UNPATCH,
};

struct kpatch_callback_entry {
	unsigned long kind;
	void *function;
	const char *objname;
};

struct kpatch_funcs_table {
	const struct kpatch_func_entry *entries;
	unsigned int count;
};

struct kpatch_callbacks_table {
	const struct kpatch_callback_entry *entries;
	unsigned int count;
};

#include "kpatch-tables.h"

/* Each object's functions end with an entry that is all zeros, and so do the objects. */
static struct klp_func funcs[KPATCH_FUNCS + KPATCH_OBJECTS];
static struct klp_object objects[KPATCH_OBJECTS + 1];

static struct klp_patch patch = {
	.mod = THIS_MODULE,
	.objs = objects,
	.replace = KPATCH_REPLACE,
};

/* Puts an object's functions where there is room, and tells where there is room after that. */
static struct klp_func *__init fill_funcs(const char *objname, struct klp_func *room)
{
	const struct kpatch_funcs_table *table;
	unsigned int i;

	for (table = funcs_tables; table->entries; table++) {
		for (i = 0; i < table->count; i++) {
			const struct kpatch_func_entry *entry = &table->entries[i];

			if (strcmp(entry->objname, objname))
				continue;
			room->old_name = entry->name;
			room->new_func = (void *)entry->new_addr;
			room->old_sympos = entry->sympos;
			room++;
		}
	}
	return room + 1;
}

static int __init set_callback(struct klp_callbacks *callbacks,
			       const struct kpatch_callback_entry *entry)
{
	void **slot;

	switch (entry->kind) {
	case KPATCH_PRE_PATCH:
		slot = (void **)&callbacks->pre_patch;
		break;
	case KPATCH_POST_PATCH:
		slot = (void **)&callbacks->post_patch;
		break;
	case KPATCH_PRE_UNPATCH:
		slot = (void **)&callbacks->pre_unpatch;
		break;
	case KPATCH_POST_UNPATCH:
		slot = (void **)&callbacks->post_unpatch;
		break;
	default:
		return -EINVAL;
	}
	if (*slot) {
		pr_err("two callbacks of one kind for %s\n", entry->objname);
		return -EINVAL;
	}
	*slot = entry->function;
	return 0;
}

static int __init fill_callbacks(const char *objname, struct klp_callbacks *callbacks)
{
	const struct kpatch_callbacks_table *table;
	unsigned int i;
	int ret;

	for (table = callbacks_tables; table->entries; table++) {
		for (i = 0; i < table->count; i++) {
			if (strcmp(table->entries[i].objname, objname))
				continue;
			ret = set_callback(callbacks, &table->entries[i]);
			if (ret)
				return ret;
		}
	}
	return 0;
}

static int __init kpatch_module_init(void)
{
	struct klp_func *room = funcs;
	unsigned int i;
	int ret;

	for (i = 0; i < KPATCH_OBJECTS; i++) {
		const char *objname = object_names[i];

		/* the kernel itself goes by no name */
		objects[i].name = strcmp(objname, "vmlinux") ? objname : NULL;
		objects[i].funcs = room;
		room = fill_funcs(objname, room);
		ret = fill_callbacks(objname, &objects[i].callbacks);
		if (ret)
			return ret;
	}
	return klp_enable_patch(&patch);
}

/* A livepatch goes by its "enabled" in sysfs; there is nothing to do when the module goes after that. */
static void __exit kpatch_module_exit(void)
{
}

module_init(kpatch_module_init);
module_exit(kpatch_module_exit);
MODULE_LICENSE("GPL");
MODULE_INFO(livepatch, "Y");
