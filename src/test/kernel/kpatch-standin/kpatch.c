// SPDX-License-Identifier: GPL-2.0
/*
 * Stands in for the core module "kpatch" that kernels without livepatch used:
 * the same files in sysfs, served by a real kernel, but nothing is patched.
 *
 * layout=0.4  /sys/kernel/kpatch/NAME/{enabled,checksum}
 *             /sys/kernel/kpatch/NAME/OBJECT/FUNCTION,SYMPOS/{old_addr,new_addr}
 * layout=old  /sys/kernel/kpatch/patches/NAME/{enabled,checksum}
 *             /sys/kernel/kpatch/patches/NAME/functions/FUNCTION/{old_addr,new_addr}
 * busy=N      the next N attempts to enable a patch find its functions in use
 */
#define pr_fmt(fmt) "kpatch: " fmt

#include <linux/mutex.h>
#include <linux/slab.h>
#include "kpatch-standin.h"

static char *layout = "0.4";
module_param(layout, charp, 0444);
static int busy;
module_param(busy, int, 0644);

static bool old_layout;
static struct kobject *root, *patches;
static DEFINE_MUTEX(lock);

static int enable(struct kpatch_standin_patch *patch)
{
	if (busy > 0) {
		busy--;
		pr_err("activeness safety check failed for %s\n", patch->funcs[0].name);
		return -EBUSY;
	}
	if (!try_module_get(patch->mod))
		return -ENODEV;
	patch->enabled = true;
	pr_notice("enabled patch module '%s'\n", patch->mod->name);
	return 0;
}

static ssize_t enabled_show(struct kobject *dir, struct kobj_attribute *attr, char *text)
{
	struct kpatch_standin_patch *patch = container_of(attr, struct kpatch_standin_patch, enabled_attr);

	return sprintf(text, "%d\n", patch->enabled);
}

static ssize_t enabled_store(struct kobject *dir, struct kobj_attribute *attr, const char *text, size_t size)
{
	struct kpatch_standin_patch *patch = container_of(attr, struct kpatch_standin_patch, enabled_attr);
	bool wanted;
	int ret = kstrtobool(text, &wanted);

	if (ret)
		return ret;
	mutex_lock(&lock);
	if (wanted == patch->enabled) {
		ret = -EINVAL;
	} else if (wanted) {
		ret = enable(patch);
	} else {
		patch->enabled = false;
		module_put(patch->mod);
		pr_notice("disabled patch module '%s'\n", patch->mod->name);
	}
	mutex_unlock(&lock);
	return ret ? ret : size;
}

static ssize_t checksum_show(struct kobject *dir, struct kobj_attribute *attr, char *text)
{
	return sprintf(text, "%s\n", container_of(attr, struct kpatch_standin_patch, checksum_attr)->checksum);
}

static ssize_t old_show(struct kobject *dir, struct kobj_attribute *attr, char *text)
{
	return sprintf(text, "0x%lx\n", container_of(attr, struct kpatch_standin_func, old_attr)->old_addr);
}

static ssize_t new_show(struct kobject *dir, struct kobj_attribute *attr, char *text)
{
	return sprintf(text, "0x%lx\n", container_of(attr, struct kpatch_standin_func, new_attr)->new_addr);
}

static int add_file(struct kobject *dir, struct kobj_attribute *attr, const char *name, umode_t mode,
		    ssize_t (*show)(struct kobject *, struct kobj_attribute *, char *),
		    ssize_t (*store)(struct kobject *, struct kobj_attribute *, const char *, size_t))
{
	memset(attr, 0, sizeof(*attr));
	sysfs_attr_init(&attr->attr);
	attr->attr.name = name;
	attr->attr.mode = mode;
	attr->show = show;
	attr->store = store;
	return sysfs_create_file(dir, &attr->attr);
}

static void remove_tree(struct kpatch_standin_patch *patch)
{
	int i;

	for (i = 0; i < patch->count; i++)
		kobject_put(patch->funcs[i].dir);
	kobject_put(patch->functions);
	kobject_put(patch->dir);
}

static int add_tree(struct kpatch_standin_patch *patch)
{
	int i, ret = -ENOMEM;

	patch->dir = kobject_create_and_add(patch->mod->name, patches);
	if (!patch->dir)
		return ret;
	/* All functions of a patch are in one object. */
	patch->functions = kobject_create_and_add(old_layout ? "functions" : patch->funcs[0].object, patch->dir);
	if (!patch->functions)
		goto failed;
	for (i = 0; i < patch->count; i++) {
		struct kpatch_standin_func *func = &patch->funcs[i];
		char *name = kasprintf(GFP_KERNEL, old_layout ? "%s" : "%s,1", func->name);

		func->dir = name ? kobject_create_and_add(name, patch->functions) : NULL;
		kfree(name);
		if (!func->dir)
			goto failed;
		ret = add_file(func->dir, &func->old_attr, "old_addr", 0400, old_show, NULL) ?:
		      add_file(func->dir, &func->new_attr, "new_addr", 0400, new_show, NULL);
		if (ret)
			goto failed;
		ret = -ENOMEM;
	}
	ret = add_file(patch->dir, &patch->checksum_attr, "checksum", 0444, checksum_show, NULL) ?:
	      add_file(patch->dir, &patch->enabled_attr, "enabled", 0644, enabled_show, enabled_store);
	if (!ret)
		return 0;
failed:
	remove_tree(patch);
	return ret;
}

int kpatch_register(struct kpatch_standin_patch *patch)
{
	int ret;

	mutex_lock(&lock);
	ret = enable(patch);
	if (!ret) {
		ret = add_tree(patch);
		if (ret) {
			patch->enabled = false;
			module_put(patch->mod);
		}
	}
	mutex_unlock(&lock);
	return ret;
}
EXPORT_SYMBOL_GPL(kpatch_register);

/* Not under the lock: removing a file waits for those who write to it. */
void kpatch_unregister(struct kpatch_standin_patch *patch)
{
	remove_tree(patch);
}
EXPORT_SYMBOL_GPL(kpatch_unregister);

static int __init standin_init(void)
{
	old_layout = !strcmp(layout, "old");
	if (!old_layout && strcmp(layout, "0.4"))
		return -EINVAL;
	root = kobject_create_and_add("kpatch", kernel_kobj);
	patches = root && old_layout ? kobject_create_and_add("patches", root) : kobject_get(root);
	if (patches)
		return 0;
	kobject_put(root);
	return -ENOMEM;
}

static void __exit standin_exit(void)
{
	kobject_put(patches);
	kobject_put(root);
}

module_init(standin_init);
module_exit(standin_exit);
MODULE_DESCRIPTION("Stand-in for the kpatch core module");
MODULE_VERSION("0.4.0");
MODULE_LICENSE("GPL");
