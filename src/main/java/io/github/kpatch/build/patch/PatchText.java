// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.patch;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.failure.Sentence;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The lines of a patch, each byte a character, without their newlines.
 *
 * @param file the patch's name, for messages
 */
record PatchText(String file, List<String> lines) {

    static PatchText of(String file, byte[] content) {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        String lines = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        return new PatchText(file, List.of(lines.split("\n", -1)));
    }

    int size() {
        return lines.size();
    }

    /** The line of that index, from 0; an empty one behind the last. */
    String at(int index) {
        return index < lines.size() ? lines.get(index) : "";
    }

    /** The same lines without the carriage returns that a mail or a browser put to their ends. */
    PatchText withoutCarriageReturns() {
        return new PatchText(
                file,
                lines.stream()
                        .map(line -> line.endsWith("\r") ? line.substring(0, line.length() - 1) : line)
                        .toList());
    }

    /** The patch is refused for what is in a line. */
    KpatchException refused(int index, String why) {
        return refused(index, Sentence.of(why));
    }

    /** The same, with what to do about it. */
    KpatchException refused(int index, String why, String hint) {
        return refused(index, Sentence.of(why, hint));
    }

    private KpatchException refused(int index, Sentence why) {
        return new KpatchException(Failure.REFUSED, why.about(file + ", line " + (index + 1)));
    }
}
