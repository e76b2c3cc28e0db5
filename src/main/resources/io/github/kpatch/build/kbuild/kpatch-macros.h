/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For authors of patches: #include "kpatch-macros.h" in a C file that the
 * patch changes. The macros leave notes to kpatch-build in sections of their
 * own; put them at file scope, at the end of the file.
 */
#ifndef _KPATCH_MACROS_H
#define _KPATCH_MACROS_H

#include <linux/compiler.h>
#include <linux/livepatch.h>	/* struct klp_object, and klp_shadow_get() and its like */

#define __KPATCH_NOTE(section, type, name, value)				\
	static type __used __section(section)					\
	__UNIQUE_ID(name) = value

/*
 * Callbacks, as Documentation/livepatch/callbacks.rst has them. They belong
 * to the object, the kernel or one of its modules, that the file is part of;
 * each object may have one of each kind.
 *
 *	int  pre_patch(struct klp_object *obj);		an error keeps the patch out
 *	void post_patch(struct klp_object *obj);
 *	void pre_unpatch(struct klp_object *obj);
 *	void post_unpatch(struct klp_object *obj);
 */
#define __KPATCH_CALLBACK(kind, result, fn)					\
	static result (* const __kpatch_callback_##kind)(struct klp_object *)	\
	__used __section(".kpatch.callbacks." #kind) = fn

#define KPATCH_PRE_PATCH_CALLBACK(fn)	 __KPATCH_CALLBACK(pre_patch, int, fn)
#define KPATCH_POST_PATCH_CALLBACK(fn)	 __KPATCH_CALLBACK(post_patch, void, fn)
#define KPATCH_PRE_UNPATCH_CALLBACK(fn)	 __KPATCH_CALLBACK(pre_unpatch, void, fn)
#define KPATCH_POST_UNPATCH_CALLBACK(fn) __KPATCH_CALLBACK(post_unpatch, void, fn)

/* Changes of data in this section are not taken over, and do not keep the patch from being built. */
#define KPATCH_IGNORE_SECTION(name)						\
	__KPATCH_NOTE(".kpatch.ignore.sections", const char * const, kpatch_ignore_section_, name)

/* The function stays as it is, though the patch changes it. */
#define KPATCH_IGNORE_FUNCTION(fn)						\
	__KPATCH_NOTE(".kpatch.ignore.functions", void * const, kpatch_ignore_function_, (void *)(fn))

/* The function is patched though kpatch-build thinks that it is not safe to. */
#define KPATCH_FORCE_UNSAFE(fn)							\
	__KPATCH_NOTE(".kpatch.force", void * const, kpatch_force_, (void *)(fn))

#endif
