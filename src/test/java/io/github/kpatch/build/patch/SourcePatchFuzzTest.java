// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.patch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.testing.Seeds;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever somebody takes for a patch. */
class SourcePatchFuzzTest {
    static Stream<byte[]> patches() {
        return Seeds.texts(
                "--- a/x.c\n+++ b/x.c\n@@ -1,3 +1,2 @@ f\n a\n-b\n c\n\\ No newline at end of file\n",
                "--- a/x.c\r\n+++ b/x.c\r\n@@ -1 +1 @@\r\n-b\r\n+c\r\n",
                "--- a/x.c\t1970-01-01 00:00:00.000000000 +0000\n+++ b/x.c\n@@ -0,0 +1 @@\n+b\n",
                "diff --git \"a/\\303\\244\" \"b/\\303\\244\"\nold mode 100644\nnew mode 100755\n",
                "diff --git a/x b/y\nsimilarity index 9%\nrename from x\nrename to y\n--- a/x\n+++ b/y\n@@ -1 +1 @@\n-a\n+b\n");
    }

    @MethodSource("patches")
    @FuzzTest
    void aPatchIsReadOrRefused(byte[] content) {
        SourcePatch patch;
        try {
            patch = SourcePatch.parse("fix.patch", content);
        } catch (KpatchException e) {
            assertEquals(Failure.REFUSED, e.kind());
            return;
        }
        for (FilePatch file : patch.files()) {
            assertFalse((file.oldName() + '/' + file.newName()).contains("/../"));
            for (Hunk hunk : file.hunks()) {
                assertEquals(hunk, hunk.reversed().reversed());
                assertTrue(hunk.contextBefore() + hunk.contextAfter()
                        < hunk.edits().size());
                FileHunks.apply(file.hunks(), String.join("", hunk.oldLines()));
            }
        }
    }
}
