// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.patch;

import io.github.kpatch.build.patch.JournalEntry.NoDirectory;
import io.github.kpatch.build.patch.JournalEntry.NoFile;
import io.github.kpatch.build.patch.JournalEntry.Original;
import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.module.FileKind;
import io.github.kpatch.store.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Changes a source tree so that it can be had back, whenever the process ends. Before anything is changed, the originals
 * are on the disk in the restore directory, under numbers, and then, in one step, the file {@code journal}, which says
 * what was where; with it the changes begin, and when it is removed they are all taken back.
 *
 * <p>Files are replaced, never written to: their bytes may belong to another tree too, by a hard link.
 */
public final class Journal {
    private static final String HEADER = "kpatch source journal 1";

    private final Path tree;
    private final Path restore;
    private final Path journal;

    /**
     * A journal, whether there is something in it or not.
     *
     * @param restore its directory, outside of the tree; made when it is needed, and used for nothing else
     */
    public Journal(Path tree, Path restore) {
        this.tree = tree.toAbsolutePath();
        this.restore = restore.toAbsolutePath();
        this.journal = this.restore.resolve("journal");
    }

    /** Changes the tree as planned, or leaves it as it was. */
    public void apply(PatchPlan plan) {
        try {
            if (FileKind.of(journal) != FileKind.NONE) {
                throw new KpatchException(
                        Failure.REFUSED, journal + ": the source tree is patched already", "take that back first");
            }
            removeCopies();
            DurableFile.createDirectory(restore);
            DurableFile.write(journal, text(save(plan.changed())), DurableFile.PRIVATE);
        } catch (IOException e) {
            throw failure("its originals cannot be saved in " + restore, e);
        }
        try {
            change(plan.changed());
        } catch (IOException e) {
            KpatchException failure = failure("cannot be patched", e);
            takeBack();
            throw failure;
        }
    }

    /**
     * Gives the tree back every byte, permission and time that it had before; does nothing where nothing is patched.
     *
     * @return whether something was patched
     */
    public boolean takeBack() {
        try {
            boolean patched = FileKind.of(journal) != FileKind.NONE;
            if (patched) {
                if (FileKind.of(tree) != FileKind.NONE) {
                    restoreAll(entries());
                }
                Files.delete(journal);
                DurableFile.sync(restore);
            }
            removeCopies();
            return patched;
        } catch (IOException e) {
            throw new KpatchException(
                    Failure.FAILED,
                    tree + ": cannot be restored from " + restore + ": " + e.getMessage(),
                    "run kpatch-build again",
                    e);
        }
    }

    private KpatchException failure(String what, IOException e) {
        return new KpatchException(Failure.FAILED, tree + ": " + what + ": " + e.getMessage(), e);
    }

    private List<JournalEntry> save(Map<String, Optional<SourceFile>> changed) throws IOException {
        List<JournalEntry> entries = new ArrayList<>();
        for (String name : changed.keySet()) {
            Path file = tree.resolve(name);
            if (FileKind.of(file, LinkOption.NOFOLLOW_LINKS) == FileKind.NONE) {
                saveDirectory(DurableFile.parent(file), entries);
                entries.add(new NoFile(name));
            } else {
                int number = entries.size();
                PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class);
                DurableFile.write(
                        restore.resolve(String.valueOf(number)), Files.readAllBytes(file), DurableFile.PRIVATE);
                entries.add(new Original(number, attributes.permissions(), attributes.lastModifiedTime(), name));
            }
        }
        return entries;
    }

    /** Enters the directories that will have to be made, the outer ones first. */
    private void saveDirectory(Path directory, List<JournalEntry> entries) throws IOException {
        JournalEntry entry = new NoDirectory(tree.relativize(directory).toString());
        if (FileKind.of(directory) == FileKind.NONE && !entries.contains(entry)) {
            saveDirectory(DurableFile.parent(directory), entries);
            entries.add(entry);
        }
    }

    private static byte[] text(List<JournalEntry> entries) {
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        entries.forEach(entry -> text.append(entry.line()).append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private List<JournalEntry> entries() throws IOException {
        List<String> lines = Files.readAllLines(journal);
        List<JournalEntry> entries = new ArrayList<>();
        for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
            JournalEntry.parse(line).ifPresent(entries::add);
        }
        if (entries.size() != lines.size() - 1 || !lines.get(0).equals(HEADER)) {
            throw new KpatchException(
                    Failure.FAILED,
                    journal + ": is damaged, so " + tree + " cannot be restored",
                    "remove both, the source is then unpacked anew");
        }
        return entries;
    }

    private void change(Map<String, Optional<SourceFile>> changed) throws IOException {
        for (Map.Entry<String, Optional<SourceFile>> entry : changed.entrySet()) {
            Path file = tree.resolve(entry.getKey());
            if (entry.getValue().isPresent()) {
                SourceFile after = entry.getValue().get();
                DurableFile.createDirectory(DurableFile.parent(file));
                DurableFile.write(file, after.content().getBytes(StandardCharsets.ISO_8859_1), after.permissions());
            } else {
                Files.delete(file);
            }
        }
    }

    private void restoreAll(List<JournalEntry> entries) throws IOException {
        for (int i = entries.size() - 1; i >= 0; i--) {
            JournalEntry entry = entries.get(i);
            Path path = tree.resolve(entry.name());
            if (entry instanceof Original original) {
                byte[] content = Files.readAllBytes(restore.resolve(String.valueOf(original.number())));
                DurableFile.write(path, content, original.permissions());
                Files.setLastModifiedTime(path, original.modified());
            } else if (entry instanceof NoFile) {
                DurableFile.removeUnfinished(path);
                Files.deleteIfExists(path);
            } else {
                removeIfEmpty(path);
            }
        }
    }

    /** What a build has made in it keeps a directory there, in nobody's way. */
    private static void removeIfEmpty(Path directory) throws IOException {
        try {
            Files.deleteIfExists(directory);
        } catch (DirectoryNotEmptyException e) {
            return;
        }
    }

    /** Removes the originals, which nothing speaks of. */
    private void removeCopies() throws IOException {
        if (FileKind.of(restore) == FileKind.NONE) {
            return;
        }
        try (DirectoryStream<Path> copies = Files.newDirectoryStream(restore)) {
            for (Path copy : copies) {
                Files.delete(copy);
            }
        } catch (DirectoryIteratorException e) {
            throw Objects.requireNonNull(e.getCause());
        }
    }
}
