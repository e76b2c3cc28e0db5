// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import static io.github.kpatch.testing.PatchModuleBuilder.coreModule;
import static io.github.kpatch.testing.PatchModuleBuilder.kernelModule;
import static io.github.kpatch.testing.PatchModuleBuilder.patchModule;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.testing.ElfBuilder;
import io.github.kpatch.testing.PatchModuleBuilder;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PatchModuleReaderTest {
    private static final List<PatchedObject> BOTH = List.of(
            new PatchedObject("vmlinux", List.of(function("meminfo_proc_show", 0), function("show_map", 2))),
            new PatchedObject("ext4", List.of(function("ext4_readdir", 0))));

    private static PatchedFunction function(String name, long sympos) {
        return new PatchedFunction(name, sympos);
    }

    private static PatchModuleBuilder patchesBoth(PatchModuleBuilder builder) {
        return builder.patches("vmlinux", "meminfo_proc_show")
                .patchesNth("vmlinux", "show_map", 2)
                .patches("ext4", "ext4_readdir");
    }

    private static PatchModule read(PatchModuleBuilder builder) throws NotAPatchModuleException {
        return new PatchModuleReader().read(builder.bytes());
    }

    private static String refusal(byte[] content) {
        return String.valueOf(assertThrows(NotAPatchModuleException.class, () -> new PatchModuleReader().read(content))
                .getMessage());
    }

    @Test
    void aModuleByHandSaysEverything() throws Exception {
        PatchModule module =
                read(patchesBoth(patchModule("kpt-a")).replace(true).field("version", "1.2"));
        assertEquals("kpt_a", module.name().toString());
        assertEquals(Optional.of(PatchModuleBuilder.VERMAGIC), module.vermagic());
        assertEquals(Optional.of("6.1.0-1-amd64"), module.kernelRelease());
        assertEquals("x86_64", module.architecture());
        assertEquals(Design.LIVEPATCH, module.design());
        assertEquals(Optional.of(true), module.replace());
        assertEquals(Optional.empty(), module.checksum());
        assertEquals(Optional.of("1.2"), module.field("version"));
        assertEquals(BOTH, module.objects());
        assertEquals(Optional.empty(), module.signature());
    }

    @Test
    void aModuleByHandWithoutReplaceSaysSo() throws Exception {
        assertEquals(Optional.of(false), read(patchesBoth(patchModule("a"))).replace());
    }

    @Test
    void aModuleByKpatchBuildLeavesReplaceOpen() throws Exception {
        PatchModule module =
                read(patchesBoth(patchModule("a")).madeByKpatchBuild().checksum("d41d8cd98f00b204"));
        assertEquals(BOTH, module.objects());
        assertEquals(Optional.empty(), module.replace());
        assertEquals(Optional.of("d41d8cd98f00b204"), module.checksum());
    }

    @Test
    void aModuleByKlpBuildIsRead() throws Exception {
        assertEquals(BOTH, read(patchesBoth(patchModule("a")).madeByKlpBuild()).objects());
    }

    @Test
    void aModuleForTheCoreModuleIsKnownByWhatItNeeds() throws Exception {
        PatchModule module = read(patchesBoth(coreModule("a")));
        assertEquals(Design.CORE, module.design());
        assertEquals(BOTH, module.objects());
    }

    @Test
    void anObjectMayHaveCallbacksOnly() throws Exception {
        PatchModule module = read(patchModule("a").patches("nfs").patches("vmlinux", "f"));
        assertEquals(
                List.of(new PatchedObject("nfs", List.of()), new PatchedObject("vmlinux", List.of(function("f", 0)))),
                module.objects());
    }

    @Test
    void aModuleByKpatchBuildMayHaveCallbacksOnly() throws Exception {
        PatchModule module = read(patchModule("a").patches("nfs").madeByKpatchBuild());
        assertEquals(List.of(new PatchedObject("nfs", List.of())), module.objects());
    }

    @ParameterizedTest
    @CsvSource({
        "62,LITTLE_ENDIAN,x86_64", "183,LITTLE_ENDIAN,aarch64", "21,LITTLE_ENDIAN,ppc64le",
        "22,BIG_ENDIAN,s390x", "243,LITTLE_ENDIAN,riscv64", "258,LITTLE_ENDIAN,loongarch64"
    })
    void modulesForEveryMachineAreRead(int machine, String order, String architecture) throws Exception {
        ByteOrder byteOrder = order.equals("BIG_ENDIAN") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        PatchModule module = read(patchesBoth(patchModule("a")).builtFor(machine, byteOrder));
        assertEquals(architecture, module.architecture());
        assertEquals(BOTH, module.objects());
    }

    @Test
    void aModuleForAnUnknownMachineIsReadButNotItsFunctions() throws Exception {
        PatchModule module = read(patchModule("a").builtFor(8, ByteOrder.BIG_ENDIAN));
        assertEquals("machine 8", module.machine().label());
    }

    @Test
    void aModuleThatShowsNoFunctionsIsStillAPatchModule() throws Exception {
        PatchModule module = read(patchModule("a"));
        assertTrue(module.objects().isEmpty());
        assertTrue(module.replace().isEmpty());
    }

    @Test
    void whatIsNoPatchModuleIsToldApart() {
        assertEquals("is empty", refusal(new byte[0]));
        assertEquals("is not an ELF file", refusal("hello\n".getBytes(StandardCharsets.US_ASCII)));
        assertEquals(
                "is an executable, not a kernel module",
                refusal(new ElfBuilder().type(2).bytes()));
        assertEquals("is an object file, not a kernel module", refusal(new ElfBuilder().bytes()));
        assertEquals(
                "is a kernel module but not a patch module",
                refusal(kernelModule("ext4").bytes()));
    }

    @Test
    void namesThatDifferAreCorruptButNotADash() throws Exception {
        assertEquals(
                "is corrupt: it gives itself two different names",
                refusal(patchModule("a").nameInModinfo("b").bytes()));
        assertEquals("a_b", read(patchModule("a-b").nameInModinfo("a-b")).name().toString());
        assertEquals("a", read(patchModule("a").nameInModinfo("")).name().toString());
        assertEquals("a", read(patchModule("").nameInModinfo("a")).name().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil", "a b", "a\nb", "..", "a\u001b[31m"})
    void aNameThatCouldDoHarmIsRefusedWithoutRepeatingIt(String name) {
        assertEquals(
                "is corrupt: no module can have the name that it gives itself",
                refusal(patchModule("").nameInModinfo(name).bytes()));
    }

    @Test
    void namesOfFunctionsAndObjectsMustBePrintable() {
        assertTrue(
                refusal(patchModule("a").patches("vmlinux", "f\u0007").bytes()).startsWith("is corrupt"));
        assertTrue(refusal(patchModule("a").patches("../x", "f").bytes()).startsWith("is corrupt"));
        assertTrue(refusal(patchModule("a").patches("vmlinux", "f".repeat(512)).bytes())
                .startsWith("is corrupt"));
    }

    @Test
    void sysfsCountsSymposFromOne() {
        assertEquals("f,1", function("f", 0).sysfsName());
        assertEquals("f,3", function("f", 3).sysfsName());
    }

    @Test
    void manyVulnerabilitiesInOneFieldAreReadWithoutRunningOutOfStack() throws NotAPatchModuleException {
        byte[] content =
                patchModule("a").field("cve", "CVE-2024-1086 ".repeat(50_000)).bytes();
        assertEquals(
                List.of(new Cve(2024, "1086")),
                new PatchModuleReader().read(content).cves());
    }
}
