// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.failure.Sentence;
import io.github.kpatch.module.Advisory;
import io.github.kpatch.module.FileKind;
import io.github.kpatch.module.MalformedAdvisoryException;
import io.github.kpatch.module.ModuleFile;
import io.github.kpatch.module.ModuleName;
import io.github.kpatch.module.NotAPatchModuleException;
import io.github.kpatch.module.Zstd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads patch modules from disk, with every reason for a refusal put into a sentence.
 *
 * @param zstd what unpacks those that are compressed so
 */
record PatchFiles(Zstd zstd) {

    private static final Pattern COMPRESSED = Pattern.compile("(?<=\\.ko)\\.(xz|gz|zst)$");

    /** Reads a patch module. */
    ModuleFile read(Path path) {
        try {
            return ModuleFile.read(path, zstd);
        } catch (NotAPatchModuleException e) {
            throw noPatchModule(path, e);
        } catch (NoSuchFileException e) {
            throw new KpatchException(
                    Failure.NO_SUCH_MODULE, path + ": no such patch module: the file is gone", "get it anew", e);
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    /**
     * The file beside a module that says what it fixes, {@code X.ko.json} for {@code X.ko} and for {@code X.ko.xz}, as
     * it is and as it was understood.
     */
    record Beside(String text, Advisory advisory) {}

    /** What lies beside a module; fails for what is not fit to. */
    Optional<Beside> beside(Path module) {
        String name = String.valueOf(module.getFileName());
        Path file = module.resolveSibling(COMPRESSED.matcher(name).replaceFirst("") + ".json");
        try {
            FileKind kind = FileKind.of(file);
            if (kind == FileKind.NONE) {
                return Optional.empty();
            }
            if (kind != FileKind.REGULAR || Files.size(file) > Advisory.MAX_SIZE) {
                throw new MalformedAdvisoryException("it is no file of at most 1 MiB");
            }
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            return Optional.of(new Beside(text, Advisory.parse(text)));
        } catch (MalformedAdvisoryException e) {
            throw new KpatchException(
                    Failure.REFUSED,
                    file + ": should say what the patch module beside it fixes, but " + e.getMessage(),
                    "correct it, or take it away",
                    e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** The failure that what was read is no patch module. */
    static KpatchException noPatchModule(Path path, NotAPatchModuleException e) {
        Sentence why = new Sentence(String.valueOf(e.getMessage()), e.hint());
        return new KpatchException(Failure.REFUSED, why.about(path), List.of(), e);
    }

    /** The failure that a file is there, or may be, and was not read. */
    static KpatchException unreadable(Path path, IOException e) {
        if (e instanceof AccessDeniedException) {
            return new KpatchException(
                    Failure.NOT_PERMITTED, path + ": may not be read", "run kpatch as root or change its mode", e);
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
