// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import io.github.kpatch.module.PatchedFunction;
import java.util.ArrayList;
import java.util.List;

/** The names of function directories: {@code FUNCTION,SYMPOS}, and without a position in the oldest layout. */
final class SysfsFunctions {
    private SysfsFunctions() {}

    static List<PatchedFunction> parse(List<String> directories) {
        List<PatchedFunction> functions = new ArrayList<>(directories.size());
        for (String directory : directories) {
            functions.add(parse(directory));
        }
        return functions;
    }

    private static PatchedFunction parse(String directory) {
        int comma = directory.lastIndexOf(',');
        if (comma < 0) {
            return new PatchedFunction(directory, 1);
        }
        try {
            return new PatchedFunction(directory.substring(0, comma), Long.parseLong(directory.substring(comma + 1)));
        } catch (NumberFormatException e) {
            return new PatchedFunction(directory, 1);
        }
    }
}
