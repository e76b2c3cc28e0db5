// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.module.PatchedObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The symbols of the running kernel and of the modules in it, and what they export. */
public final class KernelSymbols {
    /** What the kernel has for each symbol that it exports (include/linux/export.h). */
    private static final String EXPORT = "__ksymtab_";

    private final Roots roots;

    public KernelSymbols(Roots roots) {
        this.roots = roots;
    }

    /**
     * Those of some symbols that there are.
     *
     * @param counts how often a symbol is there, by {@code OBJECT NAME}
     * @param exported the names of those that are exported
     * @param showsExports whether this kernel shows at all what it exports
     */
    public record Found(Map<String, Integer> counts, Set<String> exported, boolean showsExports) {

        /** How many symbols of a name an object has. */
        public int count(String object, String name) {
            return counts.getOrDefault(object + ' ' + name, 0);
        }

        /** Whether a module that is loaded now could use a symbol, as far as the kernel shows. */
        public boolean mayBeUsed(String name) {
            if (exported.contains(name)) {
                return true;
            }
            for (String key : counts.keySet()) {
                // a module may have been stripped of what shows its exports
                if (key.endsWith(' ' + name) && (!showsExports || !key.startsWith(PatchedObject.KERNEL + ' '))) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Looks symbols up in /proc/kallsyms, all at once; empty where there is none. */
    public Optional<Found> find(Set<String> names) {
        Search search = new Search(names);
        return forEachLine(roots.proc().resolve("kallsyms"), search::line)
                ? Optional.of(search.found())
                : Optional.empty();
    }

    /** Reads {@code ADDRESS TYPE NAME}, and for a module's also a tab and {@code [MODULE]}. */
    private static final class Search {
        private final Set<String> names;
        private final Map<String, Integer> counts = new HashMap<>();
        private final Set<String> exported = new HashSet<>();
        private boolean showsExports;

        Search(Set<String> names) {
            this.names = names;
        }

        void line(String line) {
            int start = line.indexOf(' ') + 3;
            if (start < 4 || start >= line.length()) {
                return;
            }
            int tab = line.indexOf('\t', start);
            String name = line.substring(start, tab < 0 ? line.length() : tab);
            if (name.startsWith(EXPORT)) {
                showsExports = true;
                String export = name.substring(EXPORT.length());
                if (names.contains(export)) {
                    exported.add(export);
                }
            } else if (names.contains(name)) {
                counts.merge(object(line, tab) + ' ' + name, 1, Integer::sum);
            }
        }

        private static String object(String line, int tab) {
            int end = line.indexOf(']', tab + 1);
            return tab < 0 || end < tab + 2 ? PatchedObject.KERNEL : line.substring(tab + 2, end);
        }

        Found found() {
            return new Found(counts, exported, showsExports);
        }
    }

    /**
     * The checksums of what a kernel exports, by name, from the {@code Module.symvers} of its headers
     * (Documentation/kbuild/modules.rst); empty where those are not installed.
     */
    public Map<String, Long> checksums(String kernelVersion, Set<String> names) {
        Map<String, Long> checksums = new HashMap<>();
        for (Path file : roots.symbolVersions(kernelVersion)) {
            try {
                if (forEachLine(file, line -> checksum(line, names, checksums))) {
                    break;
                }
            } catch (KpatchException e) {
                // the headers are no part of the running kernel: where they cannot be read, they are not there
            }
        }
        return checksums;
    }

    private static void checksum(String line, Set<String> names, Map<String, Long> checksums) {
        String[] words = line.split("\t", 3);
        if (words.length > 2 && words[0].startsWith("0x") && names.contains(words[1])) {
            try {
                checksums.put(words[1], Long.parseUnsignedLong(words[0].substring(2), 16));
            } catch (NumberFormatException e) {
                // not known, then
            }
        }
    }

    /** These files are big, and are not kept. */
    private static boolean forEachLine(Path file, Consumer<String> action) {
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                action.accept(line);
            }
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw KernelFiles.unreadable(file, e);
        }
    }
}
