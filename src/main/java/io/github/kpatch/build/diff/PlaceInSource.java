// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff;

import java.util.Arrays;

/**
 * Where in the source something is, as the kernel and compilers note it in data: what is said there has not changed if
 * only the line has.
 *
 * <pre>{@code
 * struct _ddebug {                    // __verbose, __dyndbg: messages of dynamic debug
 *     const char *modname, *function, *filename, *format;
 *     unsigned int lineno:18;         // 32
 *     ...
 * };
 * struct source_location {            // begins what the sanitizer of undefined behaviour says of an operation
 *     const char *file_name;
 *     u32 line;                       //  8
 *     u32 column;                     // 12
 * };
 * }</pre>
 */
final class PlaceInSource {
    private static final int LINE_OF_MESSAGE = 32;
    private static final int LINE_OF_OPERATION = 8;
    private static final int LINE_AND_COLUMN = 8;

    private PlaceInSource() {}

    /** The bytes of something, with the numbers of line and column made zero. */
    static byte[] without(Atom atom) {
        String section = atom.section().name();
        byte[] bytes = atom.bytes();
        if (SectionNames.isOfDynamicDebug(section) && bytes.length > LINE_OF_MESSAGE + 2) {
            bytes[LINE_OF_MESSAGE] = 0;
            bytes[LINE_OF_MESSAGE + 1] = 0;
            bytes[LINE_OF_MESSAGE + 2] &= (byte) 0xfc;
        } else if (SectionNames.isOfSanitizer(section) && beginsWithFile(atom, bytes.length)) {
            Arrays.fill(bytes, LINE_OF_OPERATION, LINE_OF_OPERATION + LINE_AND_COLUMN, (byte) 0);
        }
        return bytes;
    }

    private static boolean beginsWithFile(Atom atom, int length) {
        return length >= LINE_OF_OPERATION + LINE_AND_COLUMN
                && atom.references().stream().anyMatch(reference -> reference.offset() == 0);
    }
}
