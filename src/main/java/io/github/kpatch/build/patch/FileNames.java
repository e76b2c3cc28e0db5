// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.patch;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The names of files as patches write them. They are hostile: a name that could lead out of the tree is none. */
final class FileNames {
    /** The name that stands for a file that is not there. */
    static final String NONE = "/dev/null";

    private static final String ESCAPES = "a\u0007b\bf\fn\nr\rt\tv\u000b\"\"\\\\";

    private FileNames() {}

    /**
     * A name and what follows it in its line.
     *
     * @param rest a time, mostly
     */
    record Named(String name, String rest) {}

    /**
     * The name at the beginning of a text, which ends at a tab, or else at a space.
     *
     * @param toTheEnd whether the name may have spaces though no tab follows it
     */
    static Named first(PatchText patch, int index, String text, boolean toTheEnd) {
        if (text.startsWith("\"")) {
            return quoted(patch, index, text);
        }
        int end = text.indexOf('\t');
        if (end < 0 && !toTheEnd) {
            end = text.indexOf(' ');
        }
        return end < 0
                ? new Named(decoded(patch, index, text), "")
                : new Named(decoded(patch, index, text.substring(0, end)), text.substring(end + 1));
    }

    /** A name in quotes, with the escapes of C. */
    private static Named quoted(PatchText patch, int index, String text) {
        StringBuilder name = new StringBuilder();
        int i = 1;
        while (i < text.length() && text.charAt(i) != '"') {
            char c = text.charAt(i++);
            if (c != '\\') {
                name.append(c);
                continue;
            }
            if (text.startsWith("0", i)
                    || text.startsWith("1", i)
                    || text.startsWith("2", i)
                    || text.startsWith("3", i)) {
                name.append((char) octal(patch, index, text, i));
                i += 3;
            } else {
                int escape = i < text.length() ? ESCAPES.indexOf(text.charAt(i++)) : -1;
                if (escape < 0 || escape % 2 != 0) {
                    throw badQuotes(patch, index);
                }
                name.append(ESCAPES.charAt(escape + 1));
            }
        }
        if (i >= text.length()) {
            throw badQuotes(patch, index);
        }
        return new Named(
                decoded(patch, index, name.toString()), text.substring(i + 1).strip());
    }

    private static int octal(PatchText patch, int index, String text, int at) {
        String digits = text.substring(at, Math.min(at + 3, text.length()));
        if (!digits.matches("[0-3][0-7]{2}")) {
            throw badQuotes(patch, index);
        }
        return Integer.parseInt(digits, 8);
    }

    private static RuntimeException badQuotes(PatchText patch, int index) {
        return patch.refused(index, "has a name in quotes that cannot be read", "the patch is damaged");
    }

    /** The name that the bytes mean, if it is one that may be in a patch. */
    private static String decoded(PatchText patch, int index, String bytes) {
        String name;
        try {
            name = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw patch.refused(index, "has a file name that is not UTF-8", "rename the file in the patch");
        }
        if (name.isEmpty() || name.chars().anyMatch(Character::isISOControl)) {
            throw patch.refused(index, "has no file name, or one with control characters", "correct the patch");
        }
        if (!name.equals(NONE)) {
            checkInside(patch, index, name);
        }
        return name;
    }

    private static void checkInside(PatchText patch, int index, String name) {
        List<String> parts = List.of(name.split("/", -1));
        if (name.startsWith("/") || parts.contains("..")) {
            throw patch.refused(
                    index,
                    "names '" + name + "', which is outside of the source tree",
                    "correct the name in the patch");
        }
        if (parts.contains(".git")) {
            throw patch.refused(index, "names '" + name + "', which belongs to git and not to the kernel");
        }
    }

    /** A name without its first directories; empty where it has no more than those. */
    static Optional<String> stripped(String name, int level) {
        List<String> parts = new ArrayList<>(List.of(name.split("/+")));
        if (parts.size() <= level) {
            return Optional.empty();
        }
        List<String> rest = new ArrayList<>(parts.subList(level, parts.size()));
        rest.removeIf("."::equals);
        return rest.isEmpty() ? Optional.empty() : Optional.of(String.join("/", rest));
    }
}
