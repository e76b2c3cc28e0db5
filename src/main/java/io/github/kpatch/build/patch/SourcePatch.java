// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.patch;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * A source patch: unified diffs as diff(1) and git write them, alone or in a mail, for one file or for many.
 *
 * @param file the patch's own name, for messages
 */
public record SourcePatch(String file, List<FilePatch> files) {
    /** More than any patch that can become a patch module. */
    private static final int LIMIT = 64 << 20;

    public SourcePatch {
        files = List.copyOf(files);
    }

    /** Reads a patch; it is refused if it is no unified diff, or a damaged one. */
    public static SourcePatch read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(LIMIT + 1);
            if (content.length > LIMIT) {
                throw new KpatchException(
                        Failure.REFUSED, file + ": has more than " + (LIMIT >> 20) + " MiB", "name a source patch");
            }
            return parse(file.toString(), content);
        } catch (NoSuchFileException e) {
            throw new KpatchException(Failure.FAILED, file + ": no such file", "name a source patch", e);
        } catch (IOException e) {
            throw new KpatchException(Failure.FAILED, file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** A patch from its bytes; it is refused if it is no unified diff, or a damaged one. */
    public static SourcePatch parse(String file, byte[] content) {
        List<FilePatch> files = PatchParser.parse(PatchText.of(file, content));
        if (files.isEmpty()) {
            throw new KpatchException(
                    Failure.REFUSED, file + ": has no unified diff in it", "make one with 'diff -u' or 'git diff'");
        }
        return new SourcePatch(file, files);
    }
}
