// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The build ID that a linker gives what it makes: a hash of it, so two modules with one build ID are the same.
 *
 * <pre>{@code
 * typedef struct {               // ELF specification, "Note Section"
 *     Elf64_Word n_namesz;       // 0, 4: "GNU" and its NUL
 *     Elf64_Word n_descsz;       // 4
 *     Elf64_Word n_type;         // 8, 3: NT_GNU_BUILD_ID
 * } Elf64_Nhdr;                  // 12, then the name, then the ID
 * }</pre>
 */
public final class BuildId {
    /** The section, and the file below /sys/module/NAME/notes/ that shows it of a loaded module. */
    public static final String SECTION = ".note.gnu.build-id";

    private static final int NT_GNU_BUILD_ID = 3;
    private static final int ID = 16;
    private static final int MAX_SIZE = 64;

    private BuildId() {}

    /** The ID in a note, in hexadecimal digits; empty if there is no such note at its beginning. */
    public static Optional<String> parse(byte[] section, ByteOrder order) {
        if (section.length < ID) {
            return Optional.empty();
        }
        ByteBuffer note = ByteBuffer.wrap(section).order(order);
        int size = note.getInt(4);
        boolean isBuildId = note.getInt(0) == 4
                && note.getInt(8) == NT_GNU_BUILD_ID
                && section[12] == 'G'
                && section[13] == 'N'
                && section[14] == 'U';
        if (!isBuildId || size <= 0 || size > MAX_SIZE || size > section.length - ID) {
            return Optional.empty();
        }
        return Optional.of(HexFormat.of().formatHex(section, ID, ID + size));
    }
}
