// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import io.github.kpatch.module.PatchedObject;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** What ftrace, by which livepatch redirects functions, can trace and does trace (Documentation/trace/ftrace.rst). */
public final class FunctionTracing {
    private final Roots roots;

    public FunctionTracing(Roots roots) {
        this.roots = roots;
    }

    /** Every function that can be traced, as {@code OBJECT NAME}; empty where this user may not see that. */
    public Optional<Set<String>> traceable() {
        return read("available_filter_functions", KernelFiles::readIfPermitted).map(text -> {
            Set<String> functions = new HashSet<>();
            for (String line : KernelFiles.lines(text)) {
                functions.add(function(line, line.indexOf(' ')));
            }
            return functions;
        });
    }

    /**
     * The functions whose address somebody redirects, as {@code OBJECT NAME} (flag {@code I} in enabled_functions). There
     * can be one such user of a function only; livepatch is one.
     */
    public Set<String> redirected() {
        Set<String> functions = new HashSet<>();
        for (String line :
                KernelFiles.lines(read("enabled_functions", KernelFiles::read).orElse(""))) {
            int count = line.indexOf('(');
            int end = line.indexOf(')', count);
            if (count > 0 && end > 0 && flags(line, end).contains(" I")) {
                functions.add(function(line, line.indexOf(' ')));
            }
        }
        return functions;
    }

    private static String flags(String line, int from) {
        int names = line.indexOf("->", from);
        return line.substring(from, names < 0 ? line.length() : names);
    }

    /**
     * Functions with kprobes on them, as {@code OBJECT NAME}: {@code ADDRESS TYPE NAME+OFFSET MODULE [STATE]...}, where
     * there may be no module and no state.
     */
    public Set<String> probed() {
        Set<String> functions = new HashSet<>();
        for (String line : KernelFiles.lines(KernelFiles.read(roots.kprobes()).orElse(""))) {
            String[] words = line.strip().split(" +", -1);
            int plus = words.length > 2 ? words[2].indexOf('+') : -1;
            if (plus > 0 && !line.contains("[GONE]") && !line.contains("[DISABLED]")) {
                boolean inModule = words.length > 3 && !words[3].startsWith("[");
                functions.add((inModule ? words[3] : PatchedObject.KERNEL) + ' ' + words[2].substring(0, plus));
            }
        }
        return functions;
    }

    private Optional<String> read(String name, Function<Path, Optional<String>> read) {
        List<Path> directories = roots.tracing();
        for (Path directory : directories) {
            Optional<String> text = read.apply(directory.resolve(name));
            if (text.isPresent()) {
                return text;
            }
        }
        return Optional.empty();
    }

    /** {@code NAME}, or {@code NAME [MODULE]}, perhaps with more behind it. */
    private static String function(String line, int space) {
        return space < 0
                ? PatchedObject.KERNEL + ' ' + line
                : object(line.substring(space + 1)) + ' ' + line.substring(0, space);
    }

    private static String object(String rest) {
        int end = rest.indexOf(']');
        return rest.startsWith("[") && end > 1 ? rest.substring(1, end) : PatchedObject.KERNEL;
    }
}
