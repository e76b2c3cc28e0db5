// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.store;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.module.VersionOrder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The modules of one kernel that bear a mark: {@code DB/.kpatch/MARK/KERNELVERSION}, a file name on each line, in
 * version order, which is that of loading. The hooks of dracut and initramfs-tools read it.
 */
public final class MarkedModules {
    private final Path directory;
    private final Path file;

    MarkedModules(Path directory, String kernelVersion) {
        this.directory = directory;
        this.file = directory.resolve(kernelVersion);
    }

    /** Whether a module is one of them. */
    public boolean contains(String fileName) {
        return fileNames().contains(fileName);
    }

    /** Adds a module, and tells whether it was not there. Call it with the lock held. */
    public boolean add(String fileName) {
        if (!fileName.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            throw new KpatchException(
                    Failure.REFUSED, fileName + ": has a name that cannot be kept in a list", "rename the file");
        }
        List<String> names = fileNames();
        if (names.contains(fileName)) {
            return false;
        }
        names.add(fileName);
        names.sort(new VersionOrder());
        write(names);
        return true;
    }

    /** Removes a module, and tells whether it was there. Call it with the lock held. */
    public boolean remove(String fileName) {
        List<String> names = fileNames();
        boolean wasThere = names.remove(fileName);
        if (wasThere) {
            write(names);
        }
        return wasThere;
    }

    /** The names of their files, in the order in which they are loaded. */
    public List<String> fileNames() {
        try {
            return new ArrayList<>(
                    Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList());
        } catch (NoSuchFileException e) {
            return new ArrayList<>();
        } catch (IOException e) {
            throw Reason.failure(file, "cannot be read", e);
        }
    }

    private void write(List<String> names) {
        try {
            if (names.isEmpty()) {
                Files.delete(file);
                DurableFile.sync(directory);
            } else {
                DurableFile.createDirectory(directory);
                DurableFile.write(file, (String.join("\n", names) + "\n").getBytes(StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            throw Reason.failure(file, "cannot be written", e);
        }
    }
}
