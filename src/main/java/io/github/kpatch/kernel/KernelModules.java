// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.module.BuildId;
import io.github.kpatch.module.ModuleName;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The modules in the kernel's memory, /proc/modules (proc(5)), the one loaded last first. */
public final class KernelModules {
    private final Roots roots;

    public KernelModules(Roots roots) {
        this.roots = roots;
    }

    /** All modules, the one loaded last first. */
    public List<KernelModule> all() {
        return parse(KernelFiles.lines(roots.proc().resolve("modules")));
    }

    public Optional<KernelModule> find(ModuleName name) {
        for (KernelModule module : all()) {
            if (module.name().equals(name)) {
                return Optional.of(module);
            }
        }
        return Optional.empty();
    }

    /**
     * Whether a module of that name, as a patch module or sysfs gave it, is in memory. One that is built in has a
     * directory in sysfs too, but no state (Documentation/ABI/stable/sysfs-module), and livepatch does not find it.
     */
    public boolean isThere(String name) {
        return KernelFiles.exists(roots.sysModule().resolve(name).resolve("initstate"));
    }

    /** A value from /sys/module/NAME, such as {@code srcversion}; empty where the module has none. */
    public Optional<String> attribute(ModuleName name, String attribute) {
        return KernelFiles.read(roots.sysModule().resolve(name.toString()).resolve(attribute));
    }

    /** The build ID of a loaded module (Documentation/ABI/stable/sysfs-module); empty where it has none. */
    public Optional<String> buildId(ModuleName name) {
        Path note = roots.sysModule().resolve(name.toString()).resolve("notes").resolve(BuildId.SECTION);
        return KernelFiles.readBytes(note).flatMap(bytes -> BuildId.parse(bytes, ByteOrder.nativeOrder()));
    }

    /** Parses lines such as {@code kpt_a 16384 1 - Live 0xffffffffc0a3e000 (OEK)}. */
    static List<KernelModule> parse(List<String> lines) {
        List<KernelModule> modules = new ArrayList<>(lines.size());
        for (String line : lines) {
            String[] words = line.split(" ", -1);
            if (words.length < 6) {
                throw unknown(line);
            }
            String taints = words[words.length - 1];
            boolean livepatch = taints.startsWith("(") && taints.indexOf('K') > 0;
            Optional<ModuleName> name = ModuleName.parse(words[0]);
            if (name.isPresent()) { // no patch module that kpatch could handle has another
                modules.add(new KernelModule(name.get(), count(words[2], line), state(words[4], line), livepatch));
            }
        }
        return modules;
    }

    private static long count(String word, String line) {
        try {
            return word.equals("-") ? 0 : Long.parseLong(word);
        } catch (NumberFormatException e) {
            throw unknown(line);
        }
    }

    private static KernelModule.State state(String word, String line) {
        return switch (word) {
            case "Live" -> KernelModule.State.LIVE;
            case "Loading" -> KernelModule.State.LOADING;
            case "Unloading" -> KernelModule.State.UNLOADING;
            default -> throw unknown(line);
        };
    }

    private static KpatchException unknown(String line) {
        return new KpatchException(Failure.FAILED, "/proc/modules: a line that kpatch does not understand: " + line);
    }
}
