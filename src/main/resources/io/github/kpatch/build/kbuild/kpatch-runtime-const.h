/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Since 6.11 the kernel writes some values into its own instructions when it
 * boots (asm/runtime-const.h). It does not do so for modules, which have to
 * read the variables; so all that is compiled for a patch module does.
 */
#define _ASM_RUNTIME_CONST_H
#define runtime_const_ptr(sym) (sym)
#define runtime_const_shift_right_32(val, sym) ((u32)(val)>>(sym))
#define runtime_const_init(type,sym) do { } while (0)
