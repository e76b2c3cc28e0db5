# SPDX-License-Identifier: Apache-2.0
#
# Has make read the Makefiles of a kernel, directory by directory as kbuild
# descends, and print what they make objects from: nothing is made. Run it in
# the top directory of a configured tree, with SRCARCH and CONFIG set, and let
# it make kpatch-nothing.
#
# Lines begin with "kpatch":
#   object KIND DIRECTORY OBJECT PARTS...  KIND: y built in, m a module, lib of an archive
#   directory KIND DIRECTORY SUBDIRECTORY  KIND: y what is built in there is linked, m only modules are
#   flags DIRECTORY WORDS...
#   makefile FILE                          what all this was read from
#   end
#
# The compiler is not asked for what it understands: that decides flags, never
# which objects there are. See Documentation/kbuild/makefiles.rst.

.PHONY: kpatch-nothing
kpatch-nothing: ; @:
.SUFFIXES:

srctree := .
objtree := .
srcroot := .
ARCH := $(SRCARCH)
BITS := $(if $(filter x86,$(SRCARCH)),64)
include $(CONFIG)
include scripts/Kbuild.include

# The variables of one directory are forgotten before the next one.
kpatch-kept := CONFIG_% kpatch-% ARCH_CORE ARCH_LIB ARCH_DRIVERS
kpatch-kept += $(filter-out CONFIG_%,$(.VARIABLES))
kpatch-note = $(eval kpatch-new := $(filter-out $(kpatch-kept),$(.VARIABLES)))
kpatch-forget = $(foreach v,$(kpatch-new),$(eval undefine $(v)))

define kpatch-read
src := $(1)
obj := $(1)
include $(firstword $(wildcard $(1)/Kbuild $(1)/Makefile))
endef

# The parts of a composite object, and whether it is one.
kpatch-parts = $(strip $($(1:.o=-objs)) $($(1:.o=-y)) $(if $(filter m,$(2)),$($(1:.o=-m))))
kpatch-composite = $(strip $(kpatch-parts) $($(1:.o=-)))
kpatch-object = $(info kpatch object $(2) $(1) $(3) $(if $(call kpatch-composite,$(3),$(2)),- $(call kpatch-parts,$(3),$(2))))
kpatch-objects = $(foreach o,$(filter %.o,$(3)),$(call kpatch-object,$(1),$(2),$(o)))
kpatch-directories = $(foreach d,$(3),$(info kpatch directory $(2) $(1) $(d)))
kpatch-flag-names = $(filter ccflags-% subdir-ccflags-% cppflags-% CFLAGS_% CPPFLAGS_% asflags-% AFLAGS_% EXTRA_CFLAGS,$(kpatch-new))

define kpatch-tell
$(call kpatch-objects,$(1),y,$(obj-y) $(extra-y))
$(call kpatch-objects,$(1),m,$(filter-out $(obj-y),$(obj-m)))
$(foreach o,$(filter-out $(obj-y),$(lib-y) $(lib-m)),$(info kpatch object lib $(1) $(o)))
$(call kpatch-directories,$(1),y,$(filter %/,$(obj-y)) $(addsuffix /,$(subdir-y)))
$(call kpatch-directories,$(1),m,$(filter %/,$(obj-m)) $(addsuffix /,$(subdir-m)))
$(info kpatch flags $(1) $(foreach v,$(call kpatch-flag-names),$($(v))))
endef

kpatch-below = $(patsubst ./%,%,$(patsubst %/,$(1)/%,$(filter %/,$(obj-y) $(obj-m))) $(addprefix $(1)/,$(subdir-y) $(subdir-m)))
kpatch-seen :=
define kpatch-visit
$(eval kpatch-seen += $(1))
$(eval $(call kpatch-read,$(1)))
$(call kpatch-note)
$(call kpatch-tell,$(1))
$(eval kpatch-of-$(subst /,@,$(1)) := $(call kpatch-below,$(1)))
$(call kpatch-forget)
$(foreach d,$(kpatch-of-$(subst /,@,$(1))),$(if $(filter $(d),$(kpatch-seen)),,$(call kpatch-visit,$(d))))
endef

# Where the architecture's own directories are, the top Makefile asks its Makefile.
core-y :=
drivers-y :=
libs-y := lib/
include arch/$(SRCARCH)/Makefile
ARCH_CORE := $(core-y)
ARCH_LIB := $(filter %/,$(libs-y))
ARCH_DRIVERS := $(drivers-y) $(drivers-m)
$(call kpatch-note)
$(call kpatch-forget)

kpatch-ignored := $(call kpatch-visit,.)
$(foreach m,$(sort $(MAKEFILE_LIST)),$(info kpatch makefile $(m)))
$(info kpatch end)

# Else make looks for ways to make them anew.
$(sort $(MAKEFILE_LIST)): ;
