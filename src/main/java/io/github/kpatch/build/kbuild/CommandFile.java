// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.kbuild;

import io.github.kpatch.build.source.Disk;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What kbuild notes of an object beside it, in {@code .NAME.o.cmd}: the command that made it, and the files that were
 * read for it (scripts/basic/fixdep.c of the kernel's sources).
 */
public record CommandFile(String text) {
    private static final Pattern NAME = Pattern.compile("-DKBUILD_MODNAME='\"([^\"']+)\"'");

    /** Where that of an object is. */
    static Path of(Path object) {
        return object.resolveSibling("." + object.getFileName() + ".cmd");
    }

    /** The first line of what is beside an object: the command. */
    static CommandFile beginning(Path object) {
        Path file = of(object);
        return Disk.with(file, "cannot be read", () -> {
            try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
                return new CommandFile(Optional.ofNullable(lines.readLine()).orElse(""));
            }
        });
    }

    /** The file that it was compiled from; empty where it was linked of other objects. */
    public Optional<String> source() {
        return text.lines()
                .filter(line -> line.startsWith("source_"))
                .map(line -> line.substring(line.indexOf(":=") + 2).strip())
                .findFirst();
    }

    /** Whether it was compiled, and not for a program that the build itself runs. */
    boolean isOfKernel() {
        return source().isPresent()
                && (command().contains(" -D__KERNEL__ ")
                        || source().orElseThrow().endsWith(".rs"));
    }

    private String command() {
        return text.lines().findFirst().orElse("");
    }

    /** The files that were read, as paths in the tree or from the root, the source itself first. */
    public List<String> dependencies() {
        Set<String> files = new LinkedHashSet<>();
        boolean inList = false;
        source().ifPresent(files::add);
        for (String line : text.lines().toList()) {
            if (inList) {
                String word = line.replace("\\", "").strip();
                if (!word.isEmpty() && !word.startsWith("$(wildcard")) { // which options count is in autoconf.h
                    files.add(word);
                }
                inList = line.endsWith("\\");
            }
            if (line.startsWith("deps_")) {
                inList = true;
            }
        }
        return new ArrayList<>(files);
    }

    /** The module that the object is part of, by its name in the kernel; empty for the kernel itself. */
    public Optional<String> module() {
        Matcher matcher = NAME.matcher(text);
        return text.contains(" -DMODULE ") && matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** Whether objtool ran over the object. */
    boolean isChecked() {
        return command().contains("objtool");
    }
}
