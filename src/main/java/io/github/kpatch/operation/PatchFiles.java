// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.module.ModuleFile;
import io.github.kpatch.module.ModuleName;
import io.github.kpatch.module.NotAPatchModuleException;
import io.github.kpatch.module.Zstd;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads patch modules from disk, with every reason for a refusal put into a sentence.
 *
 * @param zstd what unpacks those that are compressed so
 */
record PatchFiles(Zstd zstd) {

    /** Reads a patch module. */
    ModuleFile read(Path path) {
        try {
            return ModuleFile.read(path, zstd);
        } catch (NotAPatchModuleException e) {
            throw new KpatchException(Failure.REFUSED, path + ": " + e.getMessage(), e);
        } catch (NoSuchFileException e) {
            throw new KpatchException(
                    Failure.NO_SUCH_MODULE, path + ": no such patch module: the file is gone; get it anew", e);
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    /** The failure that a file is there, or may be, and was not read. */
    static KpatchException unreadable(Path path, IOException e) {
        if (e instanceof AccessDeniedException) {
            return new KpatchException(
                    Failure.NOT_PERMITTED, path + ": may not be read; run kpatch as root or change its mode", e);
        }
        String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
        return new KpatchException(Failure.FAILED, path + ": cannot be read: " + reason, e);
    }

    /** Reads a file if it is a patch module of that name. */
    Optional<ModuleFile> readIfNamed(Path path, ModuleName name) {
        return readable(path).filter(file -> file.module().name().equals(name));
    }

    /** Reads a file if it is a patch module; what the disk does not give may be one, and is a failure. */
    Optional<ModuleFile> readable(Path path) {
        try {
            return Optional.of(ModuleFile.read(path, zstd));
        } catch (NotAPatchModuleException | NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }
}
