/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The sections in which a module tells what it patches: .kpatch.funcs holds
 * one record for each function, whose strings lie in .kpatch.strings.
 */
#ifndef KPATCH_SECTIONS_H
#define KPATCH_SECTIONS_H

struct kpatch_func_record {
	unsigned long new_addr;
	unsigned long new_size;
	unsigned long old_addr;
	unsigned long old_size;
	unsigned long sympos;
	const char *name;
	const char *objname;
};

#define KPATCH_STRING(variable, text) \
	static const char variable[] __used __section(".kpatch.strings") = text

#define KPATCH_RECORD(variable, object, function, replacement)			\
	KPATCH_STRING(variable##_object, object);				\
	KPATCH_STRING(variable##_name, function);				\
	static const struct kpatch_func_record variable				\
	__used __aligned(8) __section(".kpatch.funcs") = {			\
		.new_addr = (unsigned long)(replacement),			\
		.sympos = 1,							\
		.name = variable##_name,					\
		.objname = variable##_object,					\
	}

#endif
