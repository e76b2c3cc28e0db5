// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.patch;

import io.github.kpatch.build.patch.FilePatch.Change;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What git says before the hunks of a file: {@code diff --git a/NAME b/NAME}, and then of its mode, and whether it is
 * new, deleted, renamed or copied (git-diff(1), "Generating patch text with -p").
 *
 * @param text the patch
 * @param index of its first line
 * @param next the index of the line after it
 * @param said the words of each line and what follows them
 */
record GitHeader(PatchText text, int index, int next, Map<String, String> said) {
    private static final List<String> KEYS = List.of(
            "old mode",
            "new mode",
            "new file mode",
            "deleted file mode",
            "rename from",
            "rename to",
            "copy from",
            "copy to",
            "similarity index",
            "dissimilarity index",
            "index");
    private static final Pattern MODE = Pattern.compile("100[0-7]{3}");

    static GitHeader parse(PatchText text, int index) {
        Map<String, String> said = new HashMap<>();
        int next = index + 1;
        Optional<String> key = key(text.at(next));
        while (key.isPresent()) {
            String value = text.at(next).substring(key.get().length() + 1);
            if (key.get().endsWith("mode") && !MODE.matcher(value).matches()) {
                throw text.refused(next, "is about a link or another thing that is no regular file");
            }
            said.put(key.get(), value);
            key = key(text.at(++next));
        }
        return new GitHeader(text, index, next, said);
    }

    private static Optional<String> key(String line) {
        return KEYS.stream().filter(key -> line.startsWith(key + " ")).findFirst();
    }

    Change change() {
        if (said.containsKey("new file mode")) {
            return Change.CREATED;
        }
        if (said.containsKey("deleted file mode")) {
            return Change.DELETED;
        }
        if (said.containsKey("rename from")) {
            return Change.RENAMED;
        }
        return said.containsKey("copy from") ? Change.COPIED : Change.MODIFIED;
    }

    Optional<Boolean> executable() {
        return Optional.ofNullable(said.getOrDefault("new mode", said.get("new file mode")))
                .map(mode -> (Integer.parseInt(mode, 8) & 0100) != 0);
    }

    /** The file, where no names come after this header. */
    FilePatch file(List<Hunk> hunks) {
        String names = text.at(index).substring("diff --git ".length());
        String oldName;
        String newName;
        if (names.startsWith("\"")) {
            FileNames.Named first = FileNames.first(text, index, names, true);
            oldName = first.name();
            newName = FileNames.first(text, index, first.rest(), true).name();
        } else {
            int middle = middle(names);
            oldName = FileNames.first(text, index, names.substring(0, middle), true)
                    .name();
            newName = FileNames.first(text, index, names.substring(middle + 1), true)
                    .name();
        }
        return new FilePatch(index + 1, oldName, newName, change(), executable(), true, hunks);
    }

    /** Where the space between both names is: they may have spaces, too, but are the same below their first directory. */
    private int middle(String names) {
        String renamed = said.getOrDefault("rename to", said.getOrDefault("copy to", ""));
        if (!renamed.isEmpty()) {
            String from = said.getOrDefault("rename from", said.getOrDefault("copy from", ""));
            int at = names.indexOf(from + " ");
            if (at >= 0 && names.endsWith(renamed)) {
                return at + from.length();
            }
        } else {
            int half = names.length() / 2;
            if (names.length() % 2 == 1
                    && names.charAt(half) == ' '
                    && below(names.substring(0, half)).equals(below(names.substring(half + 1)))) {
                return half;
            }
        }
        throw text.refused(index, "has no two names of a file", "the patch is damaged");
    }

    private static String below(String name) {
        return name.substring(name.indexOf('/') + 1);
    }
}
