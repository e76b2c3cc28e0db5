// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What tells a file, as it was at one time, from another one and from itself after a change.
 *
 * @param status its device, inode, size and, what no program can set back, the time of its last change (stat(2))
 */
public record FileIdentity(Map<String, Object> status) {

    public FileIdentity {
        status = Map.copyOf(status);
    }

    /** The identity that a file has now; a symbolic link's is that of its target. */
    public static FileIdentity of(Path file) throws IOException {
        return new FileIdentity(Files.readAttributes(file, "unix:dev,ino,size,ctime"));
    }
}
