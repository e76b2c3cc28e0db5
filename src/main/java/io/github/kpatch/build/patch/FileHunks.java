// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.patch;

import io.github.kpatch.build.patch.Hunk.Edit;
import io.github.kpatch.build.patch.Hunk.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The hunks of one file, put into its lines. The way is the one that the manual of GNU patch describes ("Imperfect
 * Patches"), and where that says nothing what the program does:
 *
 * <ul>
 *   <li>A hunk is looked for where it says, moved by as much as the one before was, and then further and further away,
 *       after that line first; never before what an earlier hunk has changed.
 *   <li>If it is nowhere, its outermost line of context is left out, then the two outermost ones: of both ends where
 *       both have as many, else of the end with more.
 *   <li>A hunk with less context after its changes than before is made for the end of the file, and found only there; one
 *       that says line 1 and has less before, only at its beginning: until so much is left out that they are even.
 * </ul>
 */
final class FileHunks {
    private static final int MAX_FUZZ = 2;

    private final List<String> lines;
    private final List<String> result = new ArrayList<>();
    private final List<Placed> placed = new ArrayList<>();
    private final List<Hunk> failed = new ArrayList<>();
    private int taken;
    private int offset;

    private FileHunks(List<String> lines) {
        this.lines = lines;
    }

    /**
     * Where a hunk went.
     *
     * @param number of the hunk in its file, from 1
     * @param line at which it was found, from 1
     * @param offset that line less the one it says
     * @param fuzz how many lines of context were left out
     */
    record Placed(int number, int line, int offset, int fuzz) {}

    /**
     * What came of it.
     *
     * @param content the file afterwards, of use only if no hunk failed
     */
    record Applied(String content, List<Placed> placed, List<Hunk> failed) {
        boolean isWhole() {
            return failed.isEmpty();
        }
    }

    /** Puts hunks into a file's content, each byte of which is a character. */
    static Applied apply(List<Hunk> hunks, String content) {
        FileHunks file = new FileHunks(split(content));
        for (int i = 0; i < hunks.size(); i++) {
            file.apply(i + 1, hunks.get(i));
        }
        file.copyUpTo(file.lines.size());
        return new Applied(String.join("", file.result), file.placed, file.failed);
    }

    private static List<String> split(String content) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        while (start < content.length()) {
            int newline = content.indexOf('\n', start);
            int end = newline < 0 ? content.length() : newline + 1;
            lines.add(content.substring(start, end));
            start = end;
        }
        return lines;
    }

    private void apply(int number, Hunk hunk) {
        List<String> old = hunk.oldLines();
        if (old.isEmpty()) { // there is nothing by which to look for it
            int place = hunk.oldStart() + offset;
            if (place < taken || place > lines.size()) {
                failed.add(hunk);
            } else {
                edit(hunk, place);
            }
            return;
        }
        int guess = hunk.oldStart() - 1 + offset;
        int context = Math.max(hunk.contextBefore(), hunk.contextAfter());
        for (int fuzz = 0; fuzz <= Math.min(MAX_FUZZ, context); fuzz++) {
            OptionalInt place = find(hunk, old, guess, fuzz);
            if (place.isPresent()) {
                int at = place.getAsInt();
                offset += at - guess;
                placed.add(new Placed(number, at + 1, at - hunk.oldStart() + 1, fuzz));
                edit(hunk, at);
                return;
            }
        }
        failed.add(hunk);
    }

    /** The line, from 0, at which a hunk's first one belongs, be it left out or not. */
    private OptionalInt find(Hunk hunk, List<String> old, int guess, int fuzz) {
        int before = hunk.contextBefore();
        int after = hunk.contextAfter();
        int context = Math.max(before, after);
        int fromStart = Math.max(0, fuzz - (context - before));
        int fromEnd = Math.max(0, fuzz - (context - after));
        int first = taken;
        int last = lines.size() - old.size() + fromEnd;
        if (hunk.oldStart() <= 1 && fuzz < context - before) {
            first = 0;
            last = taken <= before ? Math.min(0, last) : -1;
        } else if (fuzz < context - after) {
            first = Math.max(first, last);
        }
        for (int distance = Math.max(0, Math.max(first - guess, guess - last));
                distance <= Math.max(guess - first, last - guess);
                distance++) {
            for (int place : new int[] {guess + distance, guess - distance}) {
                if (place >= first && place <= last && matches(old, place, fromStart, fromEnd)) {
                    return OptionalInt.of(place);
                }
            }
        }
        return OptionalInt.empty();
    }

    /** Unlike patch(1), which puts a hunk anywhere when all of its lines are left out. */
    private boolean matches(List<String> old, int place, int fromStart, int fromEnd) {
        int end = old.size() - fromEnd;
        return fromStart < end && lines.subList(place + fromStart, place + end).equals(old.subList(fromStart, end));
    }

    private void edit(Hunk hunk, int place) {
        int index = place;
        for (Edit edit : hunk.edits()) {
            if (edit.kind() != Kind.KEPT) {
                copyUpTo(index);
            }
            if (edit.kind() == Kind.ADDED) {
                add(edit.text());
            } else {
                index++;
            }
            if (edit.kind() == Kind.REMOVED) {
                taken = index;
            }
        }
    }

    private void copyUpTo(int end) {
        while (taken < end) {
            add(lines.get(taken++));
        }
    }

    /** What was the last line may have had no newline. */
    private void add(String line) {
        int last = result.size() - 1;
        if (last >= 0 && !result.get(last).endsWith("\n")) {
            result.set(last, result.get(last) + "\n");
        }
        result.add(line);
    }
}
