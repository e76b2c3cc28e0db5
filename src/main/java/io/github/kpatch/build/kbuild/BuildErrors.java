// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.kbuild;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The lines by which the programs of a build say what is wrong, of all that they print. */
final class BuildErrors {
    private static final int MOST = 8;

    private static final Pattern COMPILER = Pattern.compile(
            ".*:[0-9]+(?::[0-9]+)?: (?:fatal )?error: .*|.*: error: .*|ERROR: .*|.*: undefined reference to .*|error: .*");

    private static final Pattern OTHERS = Pattern.compile(
            ".*: (?:No such file or directory|not found|No space left on device|Killed)$|.*\\*\\*\\* .*");

    private BuildErrors() {}

    /** The first few; where none says what is wrong, the last lines. */
    static List<String> in(List<String> lines) {
        List<String> found = matching(lines, COMPILER);
        if (found.isEmpty()) {
            found = matching(lines, OTHERS);
        }
        return found.isEmpty() ? lines.subList(Math.max(0, lines.size() - MOST), lines.size()) : found;
    }

    private static List<String> matching(List<String> lines, Pattern pattern) {
        List<String> found = new ArrayList<>();
        for (String line : lines) {
            if (found.size() < MOST && pattern.matcher(line).matches()) {
                found.add(line);
            }
        }
        return found;
    }
}
