// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.patch;

import java.nio.file.attribute.PosixFilePermission;
import java.util.HashSet;
import java.util.Set;

/**
 * A file of a source tree.
 *
 * @param content its bytes, each a character
 */
record SourceFile(String content, Set<PosixFilePermission> permissions) {
    private static final Set<PosixFilePermission> EXECUTE = Set.of(
            PosixFilePermission.OWNER_EXECUTE, PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.OTHERS_EXECUTE);
    private static final Set<PosixFilePermission> NEW = Set.of(
            PosixFilePermission.OWNER_READ,
            PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.OTHERS_READ);

    SourceFile {
        permissions = Set.copyOf(permissions);
    }

    static SourceFile empty() {
        return new SourceFile("", NEW);
    }

    SourceFile with(String newContent) {
        return new SourceFile(newContent, permissions);
    }

    /** The same as a program that all who may read it may run, or as none. */
    SourceFile executable(boolean executable) {
        Set<PosixFilePermission> changed = new HashSet<>(permissions);
        changed.removeAll(EXECUTE);
        if (executable) {
            changed.addAll(EXECUTE);
        }
        return new SourceFile(content, changed);
    }
}
