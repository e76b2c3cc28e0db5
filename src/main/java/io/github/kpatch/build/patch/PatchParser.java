// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.patch;

import io.github.kpatch.build.patch.FileNames.Named;
import io.github.kpatch.build.patch.FilePatch.Change;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds the diffs in a text, which may be a mail, and reads them. */
final class PatchParser {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss[.SSSSSSSSS] Z", Locale.ROOT);

    private PatchParser() {}

    /** What was read and where the text goes on. */
    private record Section(FilePatch file, int next) {}

    /** Hunks, and where the text goes on after them. */
    private record Hunks(List<Hunk> list, int next) {}

    static List<FilePatch> parse(PatchText text) {
        PatchText withoutReturns = text.withoutCarriageReturns();
        List<FilePatch> files = new ArrayList<>();
        int index = 0;
        while (index < text.size()) {
            PatchText lines = text.at(index).endsWith("\r") ? withoutReturns : text;
            Optional<Section> section = section(lines, index);
            section.ifPresent(found -> files.add(found.file()));
            index = section.map(Section::next).orElse(index + 1);
        }
        return files;
    }

    private static Optional<Section> section(PatchText text, int index) {
        String line = text.at(index);
        if (line.startsWith("diff --git ")) {
            return Optional.of(git(text, index));
        }
        if (startsPlain(text, index)) {
            return Optional.of(plain(text, index));
        }
        if (HunkParser.isHeader(line)) {
            throw text.refused(index, "is a hunk with no names of a file ('--- a/...', '+++ b/...') before it");
        }
        if (line.startsWith("*** ") && text.at(index + 1).startsWith("--- ")) {
            throw text.refused(index, "is a context diff", "make a unified one with 'diff -u' or 'git diff'");
        }
        if (line.startsWith("Binary files ") && line.endsWith(" differ")) {
            throw binary(text, index);
        }
        return Optional.empty();
    }

    private static boolean startsPlain(PatchText text, int index) {
        return text.at(index).startsWith("--- ") && text.at(index + 1).startsWith("+++ ");
    }

    private static Section plain(PatchText text, int index) {
        Named old = FileNames.first(text, index, text.at(index).substring(4), false);
        Named changed = FileNames.first(text, index + 1, text.at(index + 1).substring(4), false);
        Hunks hunks = hunks(text, index + 2);
        if (hunks.list().isEmpty()) {
            throw text.refused(index + 2, "should be the first hunk of the file named before", "the patch is damaged");
        }
        boolean created = isNone(old) && hunks.list().get(0).oldStart() == 0;
        boolean deleted = isNone(changed) && hunks.list().get(0).newStart() == 0;
        if (old.name().equals(FileNames.NONE) && changed.name().equals(FileNames.NONE)) {
            throw text.refused(index, "has no file's name, neither before nor after", "the patch is damaged");
        }
        Change change = created ? Change.CREATED : deleted ? Change.DELETED : Change.MODIFIED;
        String oldName = old.name().equals(FileNames.NONE) ? changed.name() : old.name();
        String newName = changed.name().equals(FileNames.NONE) ? old.name() : changed.name();
        return new Section(
                new FilePatch(index + 1, oldName, newName, change, Optional.empty(), false, hunks.list()),
                hunks.next());
    }

    /** Whether a file is not there: it is named so, or it has the time that diff -N gives to those. */
    private static boolean isNone(Named file) {
        if (file.name().equals(FileNames.NONE)) {
            return true;
        }
        try {
            return OffsetDateTime.parse(file.rest(), TIME).toInstant().equals(Instant.EPOCH);
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static Hunks hunks(PatchText text, int start) {
        List<Hunk> hunks = new ArrayList<>();
        int index = start;
        while (HunkParser.isHeader(text.at(index))) {
            HunkParser.Parsed parsed = HunkParser.parse(text, index);
            hunks.add(parsed.hunk());
            index = parsed.next();
        }
        return new Hunks(hunks, index);
    }

    private static Section git(PatchText text, int index) {
        GitHeader header = GitHeader.parse(text, index);
        if (!startsPlain(text, header.next())) {
            if (text.at(header.next()).startsWith("GIT binary patch")
                    || text.at(header.next()).startsWith("Binary files ")) {
                throw binary(text, header.next());
            }
            return new Section(header.file(List.of()), header.next());
        }
        Section plain = plain(text, header.next());
        Change change = header.change() == Change.MODIFIED ? plain.file().change() : header.change();
        FilePatch file = new FilePatch(
                index + 1,
                plain.file().oldName(),
                plain.file().newName(),
                change,
                header.executable(),
                true,
                plain.file().hunks());
        return new Section(file, plain.next());
    }

    private static RuntimeException binary(PatchText text, int index) {
        return text.refused(index, "changes a binary file, which no part of a kernel is made from");
    }
}
