// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.kbuild;

import io.github.kpatch.build.source.BuildProgress;
import io.github.kpatch.build.source.Disk;
import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Compiles objects of a prepared tree as the kernel has them, each function in a section of its own. */
public final class ObjectCompiler {
    private final Make make;
    private final KbuildSettings settings;
    private final BuildProgress progress;
    private final ObjectCache cache;

    /**
     * Compiles in one tree.
     *
     * @param directory where objects are kept from one run to the next
     * @param origin what the tree is a copy of, as objects of one are not looked for in the other
     */
    public ObjectCompiler(Make make, KbuildSettings settings, BuildProgress progress, Path directory, String origin) {
        this.make = make;
        this.settings = settings;
        this.progress = progress;
        this.cache = new ObjectCache(directory, make, way(origin));
    }

    /**
     * An object, and what kbuild noted of it.
     *
     * @param object the file
     */
    public record Compiled(Path object, CommandFile command) {}

    /**
     * Compiles objects, those that are not kept all in one call of make.
     *
     * @param objects paths in the tree, {@code fs/proc/meminfo.o}
     * @param what of which state of the sources they are, as in "original"
     */
    public Map<String, Compiled> compile(Collection<String> objects, String what) {
        cache.forgetFiles();
        Map<String, Compiled> entries = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        for (String object : objects) {
            Optional<Compiled> kept = cache.find(object);
            kept.ifPresentOrElse(entry -> entries.put(object, entry), () -> missing.add(object));
        }
        if (!missing.isEmpty()) {
            progress.step("compiling " + missing.size() + " " + what + (missing.size() == 1 ? " object" : " objects"));
            entries.putAll(make(missing, what));
        }
        Map<String, Compiled> compiled = new LinkedHashMap<>();
        objects.forEach(object -> compiled.put(object, Objects.requireNonNull(entries.get(object))));
        return compiled;
    }

    private Map<String, Compiled> make(List<String> objects, String what) {
        objects.forEach(this::forget); // they may be of sources that were put back since
        try {
            String some = String.join(", ", objects.subList(0, Math.min(3, objects.size())));
            make.run("the " + what + " " + some, arguments(objects));
            Map<String, Compiled> made = new LinkedHashMap<>();
            objects.forEach(object -> made.put(object, keep(object)));
            return made;
        } finally {
            objects.forEach(this::forget);
        }
    }

    private List<String> arguments(List<String> objects) {
        return Stream.concat(settings.ofObjects().stream(), objects.stream()).toList();
    }

    private Compiled keep(String object) {
        Compiled entry = cache.keep(object);
        if (settings.config().isSet("OBJTOOL") && !entry.command().isChecked()) {
            progress.warn(object + ": kbuild ran no objtool over it");
        }
        return entry;
    }

    private void forget(String object) {
        Path path = make.tree().resolve(object);
        if (!path.normalize().startsWith(make.tree())) {
            throw new KpatchException(Failure.REFUSED, object + ": is not in the source tree");
        }
        Disk.remove(path);
        Disk.remove(CommandFile.of(path));
    }

    private String way(String origin) {
        return String.join(
                "\n",
                List.of(
                        origin,
                        settings.compiler().version().text(),
                        String.join(" ", settings.variables()),
                        String.join(" ", settings.ofObjects()),
                        Disk.textIfThere(make.kernel().resolve(".config")).orElse("")));
    }
}
