// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.source;

import java.util.Set;

/**
 * An object that the kernel or a module of it is linked from.
 *
 * @param path below the tree, {@code virt/kvm/kvm_main.o}
 * @param target as make has to be asked for it, by way of the directory whose Makefile has it:
 *     {@code arch/x86/kvm/../../../virt/kvm/kvm_main.o}. By its plain path make compiles such an object for the kernel
 *     when it belongs to a module
 * @param modules those it is linked into; none if it is built in
 */
public record KernelObject(String path, String target, Kind kind, Set<KernelModule> modules) {
    public KernelObject {
        modules = Set.copyOf(modules);
    }

    /** What it is made from and where it goes. */
    public enum Kind {
        /** From C: what can be patched. */
        C,
        /** From an assembler file. */
        ASSEMBLER,
        /** A member of an archive, which is linked only where something needs it ({@code lib-y}). */
        LIBRARY_MEMBER,
        /** From a file that a build makes first. */
        GENERATED,
        /** No part of the running kernel: of the boot code, of a vDSO, of what kexec starts. */
        OUTSIDE
    }

    /**
     * A module.
     *
     * @param name as the kernel knows it, {@code snd_hda_intel}
     * @param file where a build puts it, {@code sound/pci/hda/snd-hda-intel.ko}
     */
    public record KernelModule(String name, String file) {
        static KernelModule of(String object) {
            String stem = object.substring(0, object.length() - ".o".length());
            String name = stem.substring(stem.lastIndexOf('/') + 1);
            return new KernelModule(name.replace('-', '_').replace(',', '_'), stem + ".ko");
        }
    }
}
