// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.patch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PatchPlanTest {
    private static final String CHANGE = """
            @@ -2,3 +2,4 @@
             two
            -three
            +drei
            +dreieinhalb
             four
            """;

    private final Path tree;
    private final Path restore;

    PatchPlanTest(@TempDir Path directory) throws IOException {
        tree = Files.createDirectories(directory.resolve("tree"));
        restore = directory.resolve("restore");
        file("fs/numbers.c", "one\ntwo\nthree\nfour\nfive\n");
    }

    private void file(String name, String content) throws IOException {
        Path file = tree.resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, content, StandardCharsets.ISO_8859_1);
    }

    private String content(String name) throws IOException {
        return Files.readString(tree.resolve(name), StandardCharsets.ISO_8859_1);
    }

    private static SourcePatch parse(String text) {
        return SourcePatch.parse("fix.patch", text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private PatchPlan apply(String... patches) {
        List<SourcePatch> parsed = new ArrayList<>();
        for (String patch : patches) {
            parsed.add(parse(patch));
        }
        PatchPlan plan = PatchPlan.of(tree, parsed);
        new Journal(tree, restore).apply(plan);
        return plan;
    }

    private KpatchException refused(String... patches) {
        KpatchException refusal = assertThrows(KpatchException.class, () -> apply(patches));
        assertEquals(Failure.REFUSED, refusal.kind());
        return refusal;
    }

    private void assertRefused(String why, String patch) {
        String sentence = refused(patch).sentence();
        assertTrue(sentence.startsWith("fix.patch, line "), sentence);
        assertTrue(sentence.contains(why), sentence);
    }

    private void assertChanged() throws IOException {
        assertEquals("one\ntwo\ndrei\ndreieinhalb\nfour\nfive\n", content("fs/numbers.c"));
    }

    @Test
    void aDiffOfGitIsApplied() throws IOException {
        PatchPlan plan = apply("diff --git a/fs/numbers.c b/fs/numbers.c\nindex 123..456 100644\n"
                + "--- a/fs/numbers.c\n+++ b/fs/numbers.c\n" + CHANGE);
        assertChanged();
        assertEquals(List.of("fs/numbers.c"), plan.files());
        assertEquals(List.of(), plan.notes());
    }

    @Test
    void aDiffInAMailIsApplied() throws IOException {
        apply("From: Someone\nSubject: [PATCH] fs: fix\n\nIt is --- broken.\n--- \n fs/numbers.c | 3 ++-\n"
                + " 1 file changed\n\ndiff --git a/fs/numbers.c b/fs/numbers.c\n--- a/fs/numbers.c\n+++ b/fs/numbers.c\n"
                + CHANGE + "-- \n2.39.2\n\n");
        assertChanged();
    }

    @Test
    void aPlainDiffWithTimesIsApplied() throws IOException {
        apply("diff -u linux.orig/fs/numbers.c linux/fs/numbers.c\n"
                + "--- linux.orig/fs/numbers.c\t2024-01-02 03:04:05.000000000 +0100\n"
                + "+++ linux/fs/numbers.c 2024-01-02 03:04:05.000000000 +0100\n" + CHANGE);
        assertChanged();
    }

    @Test
    void namesMayHaveNoDirectoryOrManyBeforeThem() throws IOException {
        apply("--- fs/numbers.c\n+++ fs/numbers.c\n" + CHANGE);
        assertChanged();
        new Journal(tree, restore).takeBack();
        apply("--- x/y/z/fs/numbers.c.orig\n+++ x/y/z/fs/numbers.c\n" + CHANGE);
        assertChanged();
        new Journal(tree, restore).takeBack();
        apply("diff --git fs/numbers.c fs/numbers.c\n--- fs/numbers.c\n+++ fs/numbers.c\n" + CHANGE);
        assertChanged();
    }

    @Test
    void carriageReturnsOfAMailAreLeftOut() throws IOException {
        apply(("--- a/fs/numbers.c\n+++ b/fs/numbers.c\n" + CHANGE).replace("\n", "\r\n"));
        assertChanged();
    }

    @Test
    void carriageReturnsOfTheFileAreKept() throws IOException {
        file("dos.c", "a\r\nb\r\nc\r\n");
        apply("--- a/dos.c\n+++ b/dos.c\n@@ -1,3 +1,3 @@\n a\r\n-b\r\n+B\r\n c\r\n");
        assertEquals("a\r\nB\r\nc\r\n", content("dos.c"));
    }

    @Test
    void bytesThatAreNoUtf8AreKept() throws IOException {
        file("latin.c", "J\u00f6rg\nb\n");
        apply("--- a/latin.c\n+++ b/latin.c\n@@ -1,2 +1,2 @@\n-J\u00f6rg\n+J\u00fcrgen\n b\n");
        assertEquals("J\u00fcrgen\nb\n", content("latin.c"));
    }

    @Test
    void aMissingNewlineAtTheEndComesAndGoes() throws IOException {
        file("a.c", "a\nb");
        apply("--- a/a.c\n+++ b/a.c\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n");
        assertEquals("a\nb\n", content("a.c"));
        new Journal(tree, restore).takeBack();
        apply("--- a/a.c\n+++ b/a.c\n@@ -1,2 +1,2 @@\n-a\n+A\n b\n\\ No newline at end of file\n");
        assertEquals("A\nb", content("a.c"));
    }

    @Test
    void filesComeAndGoAndMove() throws IOException {
        file("old.c", "x\n");
        file("moved.c", "1\n2\n3\n");
        apply("""
                diff --git a/drivers/new/new.c b/drivers/new/new.c
                new file mode 100755
                --- /dev/null
                +++ b/drivers/new/new.c
                @@ -0,0 +1 @@
                +int x;
                diff --git a/old.c b/old.c
                deleted file mode 100644
                --- a/old.c
                +++ /dev/null
                @@ -1 +0,0 @@
                -x
                diff --git a/moved.c b/fs/there.c
                similarity index 90%
                rename from moved.c
                rename to fs/there.c
                --- a/moved.c
                +++ b/fs/there.c
                @@ -1,3 +1,3 @@
                 1
                -2
                +zwei
                 3
                diff --git a/fs/there.c b/copy.c
                similarity index 100%
                copy from fs/there.c
                copy to copy.c
                diff --git a/fs/numbers.c b/fs/numbers.c
                old mode 100644
                new mode 100755
                diff --git a/empty.c b/empty.c
                new file mode 100644
                index 000..e69
                """);
        assertEquals("int x;\n", content("drivers/new/new.c"));
        assertTrue(Files.isExecutable(tree.resolve("drivers/new/new.c")));
        assertTrue(Files.notExists(tree.resolve("old.c")) && Files.notExists(tree.resolve("moved.c")));
        assertEquals("1\nzwei\n3\n", content("fs/there.c"));
        assertEquals("1\nzwei\n3\n", content("copy.c"));
        assertEquals("", content("empty.c"));
        assertEquals(
                "rwxr-xr-x",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(tree.resolve("fs/numbers.c"))));
    }

    @Test
    void filesOfThePlainDiffsOldestTimeAreNotThere() throws IOException {
        file("old.c", "x\n");
        apply("""
                --- a/fs/new.c\t1970-01-01 01:00:00.000000000 +0100
                +++ b/fs/new.c\t2024-01-01 00:00:00.000000000 +0000
                @@ -0,0 +1 @@
                +new
                --- a/old.c\t2024-01-01 00:00:00.000000000 +0000
                +++ b/old.c\t1970-01-01 00:00:00.000000000 +0000
                @@ -1 +0,0 @@
                -x
                """);
        assertEquals("new\n", content("fs/new.c"));
        assertTrue(Files.notExists(tree.resolve("old.c")));
    }

    @Test
    void namesInQuotesMayHaveAnything() throws IOException {
        file("fs/\u00e4 \"b\".c", "x\n"); // the name is UTF-8 on the disk as in the patch
        apply("--- \"a/fs/\\303\\244 \\\"b\\\".c\"\n+++ \"b/fs/\\303\\244 \\\"b\\\".c\"\n@@ -1 +1 @@\n-x\n+y\n");
        assertEquals("y\n", content("fs/\u00e4 \"b\".c"));
    }

    @Test
    void aHunkIsFoundElsewhereAndThatIsSaid() throws IOException {
        file("fs/numbers.c", "new\nnew\none\ntwo\nthree\nfour\nfive\n");
        PatchPlan plan = apply("--- a/fs/numbers.c\n+++ b/fs/numbers.c\n" + CHANGE);
        assertEquals("new\nnew\none\ntwo\ndrei\ndreieinhalb\nfour\nfive\n", content("fs/numbers.c"));
        assertEquals(
                List.of("fix.patch: hunk 1 applies to fs/numbers.c at line 4 (moved by 2 lines)"),
                plan.notes().stream().map(PatchNote::toString).toList());
    }

    @Test
    void aHunkWithOtherContextAppliesWithFuzzAndKeepsWhatIsThere() throws IOException {
        file("fs/numbers.c", "one\nTWO\nthree\nfour\nfive\n");
        PatchPlan plan = apply("--- a/fs/numbers.c\n+++ b/fs/numbers.c\n" + CHANGE);
        assertEquals("one\nTWO\ndrei\ndreieinhalb\nfour\nfive\n", content("fs/numbers.c"));
        assertEquals(
                List.of("fix.patch: hunk 1 applies to fs/numbers.c at line 2, with fuzz 1"),
                plan.notes().stream().map(PatchNote::toString).toList());
    }

    @Test
    void aHunkIsPutNowhereForWantOfAnythingToLookFor() throws IOException {
        file("fs/numbers.c", "x\ny\nz\n");
        assertRefused(
                "does not apply", "--- a/fs/numbers.c\n+++ b/fs/numbers.c\n@@ -2,2 +2,3 @@\n two\n+new\n three\n");
    }

    @Test
    void onePatchMayBuildOnAnother() throws IOException {
        apply(
                "--- a/fs/numbers.c\n+++ b/fs/numbers.c\n" + CHANGE,
                "--- a/fs/numbers.c\n+++ b/fs/numbers.c\n@@ -2,3 +2,3 @@\n two\n-drei\n+trois\n dreieinhalb\n");
        assertEquals("one\ntwo\ntrois\ndreieinhalb\nfour\nfive\n", content("fs/numbers.c"));
    }

    @Test
    void onePatchTakingBackAnotherChangesNothing() {
        String back = "@@ -2,4 +2,3 @@\n two\n-drei\n-dreieinhalb\n+three\n four\n";
        PatchPlan plan = apply(
                "--- a/fs/numbers.c\n+++ b/fs/numbers.c\n" + CHANGE, "--- a/fs/numbers.c\n+++ b/fs/numbers.c\n" + back);
        assertEquals(List.of(), plan.files());
    }

    @Test
    void whatDoesNotApplyIsSaidWithItsPlaceAndNothingIsWritten() throws IOException {
        file("fs/other.c", "x\n");
        KpatchException refusal = refused(
                "--- a/fs/other.c\n+++ b/fs/other.c\n@@ -1 +1 @@\n-x\n+y\n",
                "--- a/fs/numbers.c\n+++ b/fs/numbers.c\n@@ -1 +1 @@\n-no\n+yes\n@@ -9 +9 @@\n-no\n+yes\n");
        assertEquals(
                "fix.patch, line 3: hunk 1 does not apply to fs/numbers.c, neither at line 1 nor elsewhere",
                refusal.sentence());
        assertEquals(
                List.of("fix.patch, line 6: hunk 2 does not apply to fs/numbers.c, neither at line 9 nor elsewhere"),
                refusal.evidence());
        assertEquals("x\n", content("fs/other.c"));
        assertTrue(Files.notExists(restore));
    }

    @Test
    void whatIsAppliedAlreadyIsSaidToBe() throws IOException {
        String patch = "--- a/fs/numbers.c\n+++ b/fs/numbers.c\n" + CHANGE;
        assertTrue(refused(patch, patch).sentence().endsWith("it seems to be applied already: leave it out"));
        file("new.c", "new\n");
        assertRefused("applied already", "--- /dev/null\n+++ b/new.c\n@@ -0,0 +1 @@\n+new\n");
        assertRefused(
                "which is not there; it seems to be applied already",
                "--- a/fs/numbers.c\n+++ /dev/null\n@@ -1,5 +0,0 @@\n-one\n-two\n-three\n-four\n-five\n".repeat(2));
    }

    @Test
    void filesThatAreNotAsThePatchWantsThemAreRefused() throws IOException {
        assertRefused("which is there already", "--- /dev/null\n+++ b/fs/numbers.c\n@@ -0,0 +1 @@\n+new\n");
        assertRefused("is about fs/none.c, which is not in", "--- a/fs/none.c\n+++ b/fs/none.c\n@@ -1 +1 @@\n-a\n+b\n");
        assertRefused("other lines", "--- a/fs/numbers.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-one\n");
        file("there.c", "x\n");
        assertRefused(
                "but the latter is there already",
                "diff --git a/fs/numbers.c b/there.c\nrename from fs/numbers.c\nrename to there.c\n");
    }

    @Test
    void namesThatLeaveTheTreeAreRefused() throws IOException {
        assertRefused("outside of the source tree", "--- a/../x.c\n+++ b/../x.c\n@@ -1 +1 @@\n-a\n+b\n");
        assertRefused("outside of the source tree", "--- a/fs/x.c\n+++ /etc/passwd\n@@ -1 +1 @@\n-a\n+b\n");
        assertRefused("belongs to git", "--- /dev/null\n+++ b/.git/hooks/x\n@@ -0,0 +1 @@\n+b\n");
        assertRefused("control characters", "--- \"a/fs/\\nx.c\"\n+++ b/fs/x.c\n@@ -1 +1 @@\n-a\n+b\n");
        Files.createSymbolicLink(tree.resolve("out"), tree.resolve("..").toRealPath());
        Files.createSymbolicLink(tree.resolve("link.c"), tree.resolve("fs/numbers.c"));
        for (String name : List.of("out/x.c", "link.c")) {
            String sentence = refused("--- a/" + name + "\n+++ b/" + name + "\n@@ -0,0 +1 @@\n+b\n")
                    .sentence();
            assertTrue(sentence.contains("symbolic link"), sentence);
        }
        assertRefused(
                "no regular file",
                "diff --git a/l b/l\nnew file mode 120000\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+/etc\n");
    }

    @Test
    void whatIsNoUnifiedDiffIsRefused() {
        assertTrue(refused("hello\n").sentence().contains("has no unified diff in it"));
        assertTrue(refused("").sentence().contains("has no unified diff in it"));
        assertRefused("is a context diff", "*** a/x.c\n--- b/x.c\n***************\n*** 1 ****\n! a\n--- 1 ----\n! b\n");
        assertRefused("binary", "diff --git a/x b/x\nindex 1..2\nGIT binary patch\nliteral 1\n");
        assertRefused("binary", "Binary files a/x and b/x differ\n");
        assertRefused("no names of a file", "@@ -1 +1 @@\n-a\n+b\n");
    }

    @Test
    void damagedHunksAreRefusedWithTheirLine() {
        String names = "--- a/fs/numbers.c\n+++ b/fs/numbers.c\n";
        assertRefused("line 3: should be the first hunk", names + "text\n");
        assertRefused("line 3: is no header of a hunk", names + "@@ -1 @@\n-a\n");
        assertRefused("line 3: is no header of a hunk", names + "@@ -9999999999 +1 @@\n-a\n");
        assertRefused("line 3: the patch ends in the middle", names + "@@ -1,2 +1,2 @@\n-a\n+b\n");
        assertRefused("line 5: does not belong to the hunk of line 3", names + "@@ -1,3 +1,3 @@\n one\nwrapped\n");
        assertRefused("line 6: does not belong to the hunk of line 3", names + "@@ -1 +1 @@\n-a\n+b\n+c\n");
        assertRefused("line 5: does not belong to the hunk of line 3", names + "@@ -1 +1,2 @@\n-a\n-b\n+c\n");
        assertRefused("line 3: this hunk changes nothing", names + "@@ -1 +1 @@\n one\n");
        assertRefused("line 3: this hunk changes nothing", names + "@@ -0,0 +0,0 @@\n");
        assertRefused("line 3: this hunk begins at line 0", names + "@@ -0,1 +1 @@\n-a\n+b\n");
        assertRefused("line 3: this hunk goes on after the end", names + "@@ -1,2 +1 @@\n-a\n\\ No newline\n-b\n+c\n");
        assertRefused("neither before nor after", "--- /dev/null\n+++ /dev/null\n@@ -1 +1 @@\n-a\n+b\n");
        assertRefused("quotes", "--- \"a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b\n");
        assertRefused("not UTF-8", "--- a/\u00e4.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b\n");
    }
}
