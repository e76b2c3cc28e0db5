// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import io.github.kpatch.elf.Machine;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A patch module, as its file describes it.
 *
 * @param vermagic the kernel it was built for: release, then the properties that both must have
 * @param checksum what kpatch-build wrote into {@code .kpatch.checksum}, printable ASCII
 * @param buildId what the linker called it, in hexadecimal digits
 * @param replace whether it takes over from all patches before it (the kernel's atomic replace); empty if the module
 *     decides when it runs, as those from kpatch-build and klp-build do
 * @param modinfo every field in the order of the file
 * @param objects what it patches, in the order of the file; empty if the file doesn't show it
 */
public record PatchModule(
        ModuleName name,
        Optional<String> vermagic,
        Machine machine,
        ByteOrder byteOrder,
        Design design,
        Optional<Boolean> replace,
        Optional<String> checksum,
        Optional<String> buildId,
        List<ModinfoField> modinfo,
        List<PatchedObject> objects,
        Optional<ModuleSignature> signature) {

    public PatchModule {
        modinfo = List.copyOf(modinfo);
        objects = List.copyOf(objects);
    }

    /** Whether this one patches every function that the other one does; of one that shows none that is not known. */
    public boolean patchesAllOf(PatchModule other) {
        Set<String> ours = functions();
        Set<String> theirs = other.functions();
        return !theirs.isEmpty() && ours.containsAll(theirs);
    }

    private Set<String> functions() {
        Set<String> functions = new HashSet<>();
        for (PatchedObject object : objects) {
            for (PatchedFunction function : object.functions()) {
                functions.add(object.name() + '/' + function.sysfsName());
            }
        }
        return functions;
    }

    /** The first word of vermagic: the release that uname(1) shows on the kernel that it was built for. */
    public Optional<String> kernelRelease() {
        if (vermagic.isEmpty()) {
            return Optional.empty();
        }
        String magic = vermagic.get();
        int space = magic.indexOf(' ');
        return Optional.of(space < 0 ? magic : magic.substring(0, space));
    }

    /** The value of the first modinfo field with that key. */
    public Optional<String> field(String key) {
        return ModinfoSection.first(modinfo, key);
    }

    /** The known vulnerabilities that it fixes, as far as it says so by modinfo fields {@code cve}. */
    public List<Cve> cves() {
        return Cve.in(modinfo);
    }

    /** The architecture that it runs on, spelt as {@code uname -m} does. */
    public String architecture() {
        boolean little = byteOrder.equals(ByteOrder.LITTLE_ENDIAN);
        return switch (machine.label()) {
            case "x86-64" -> "x86_64";
            case "ppc64" -> little ? "ppc64le" : "ppc64";
            case "aarch64" -> little ? "aarch64" : "aarch64_be";
            default -> machine.label();
        };
    }
}
