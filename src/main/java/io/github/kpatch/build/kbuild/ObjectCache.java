// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.kbuild;

import io.github.kpatch.build.source.Disk;
import io.github.kpatch.module.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Objects that were compiled before, by the content of all that went into them. For each object and way of compiling it
 * there is a list of what was read for it; an entry of that list whose files all have the same content as then has the
 * same object as then.
 */
final class ObjectCache {
    private final Path directory;
    private final Make make;
    private final String way;
    private final Map<String, String> hashes = new HashMap<>();

    /** @param way all that an object depends on beside the files that are read for it: compiler, flags, configuration */
    ObjectCache(Path directory, Make make, String way) {
        this.directory = directory;
        this.make = make;
        this.way = way;
    }

    Optional<ObjectCompiler.Compiled> find(String object) {
        Path entries = entries(object);
        for (Path list : Disk.entries(entries)) {
            if (list.toString().endsWith(".files")) {
                List<String> files = Disk.text(list).lines().toList();
                Path found = entries.resolve(key(files) + ".o");
                if (Files.exists(found)) {
                    return Optional.of(new ObjectCompiler.Compiled(found, new CommandFile(Disk.text(command(found)))));
                }
            }
        }
        return Optional.empty();
    }

    /** Keeps an object that lies in the tree. */
    ObjectCompiler.Compiled keep(String object) {
        Path made = make.tree().resolve(object);
        CommandFile command = new CommandFile(Disk.text(CommandFile.of(made)));
        List<String> files = new ArrayList<>(command.dependencies());
        files.addAll(makefiles(object));
        String list = String.join("\n", files);
        Path entries = entries(object);
        Path kept = entries.resolve(key(files) + ".o");
        Disk.copy(made, kept);
        Disk.write(command(kept), command.text());
        Disk.write(entries.resolve(hash(list.getBytes(StandardCharsets.ISO_8859_1)) + ".files"), list);
        return new ObjectCompiler.Compiled(kept, command);
    }

    /** Has files read again, as they may have changed. */
    void forgetFiles() {
        hashes.clear();
    }

    private Path entries(String object) {
        return directory.resolve(hash((object + "\n" + way).getBytes(StandardCharsets.UTF_8)));
    }

    /** Those that the flags are in. */
    private List<String> makefiles(String object) {
        List<String> files = new ArrayList<>(
                List.of("Makefile", "arch/x86/Makefile", "scripts/Makefile.build", "scripts/Makefile.lib"));
        String directory = object.substring(0, object.lastIndexOf('/') + 1);
        files.add(directory + "Makefile");
        files.add(directory + "Kbuild");
        return files;
    }

    private static Path command(Path object) {
        return object.resolveSibling(object.getFileName() + ".cmd");
    }

    /** A file that is gone is another content as well. */
    private String key(List<String> files) {
        List<String> all = new ArrayList<>();
        for (String file : files) {
            all.add(file + " "
                    + hashes.computeIfAbsent(file, name -> {
                        Path own = make.tree().resolve(name);
                        Path path =
                                Files.isRegularFile(own) ? own : make.kernel().resolve(name);
                        return Files.isRegularFile(path) ? hash(Disk.read(path)) : "none";
                    }));
        }
        return hash(String.join("\n", all).getBytes(StandardCharsets.UTF_8));
    }

    private static String hash(byte[] content) {
        try {
            return Sha256.of(new ByteArrayInputStream(content)).substring(0, 40);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // from memory: it does not happen
        }
    }
}
