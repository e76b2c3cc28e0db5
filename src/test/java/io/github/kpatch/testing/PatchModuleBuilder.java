// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.testing;

import static io.github.kpatch.testing.ElfBuilder.ALLOC;
import static io.github.kpatch.testing.ElfBuilder.EXEC;
import static io.github.kpatch.testing.ElfBuilder.WRITE;

import io.github.kpatch.elf.Machine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds kernel modules as far as kpatch reads them. Begin with {@link #patchModule}, {@link #coreModule} or
 * {@link #kernelModule}; whatever isn't said is as in a module by hand for x86-64.
 *
 * <pre>{@code
 * Path file = patchModule("kpt_a").vermagic("6.1.0-1-amd64 SMP").patches("vmlinux", "cmdline_proc_show").writeTo(dir);
 * }</pre>
 */
public final class PatchModuleBuilder {
    private static final int SHT_NOTE = 7;

    public static final String VERMAGIC = "6.1.0-1-amd64 SMP preempt mod_unload modversions ";

    record Function(String name, long sympos) {}

    /** Which tool the module seems to be made by, and so where its functions are found. */
    enum Layout {
        HAND,
        KPATCH_BUILD,
        KLP_BUILD
    }

    private final String name;
    private final Map<String, String> modinfo = new LinkedHashMap<>();
    private final Map<String, List<Function>> objects = new LinkedHashMap<>();
    private final List<String> undefined = new ArrayList<>();
    private final Map<String, Integer> versions = new LinkedHashMap<>();
    private final List<String> lookedUp = new ArrayList<>();
    private String nameInModinfo;
    private Layout layout = Layout.HAND;
    private boolean replace;
    private String checksum = "";
    private String buildId = "";
    private byte[] appended = new byte[0];
    private Machine machine = new Machine(62);
    private ByteOrder order = ByteOrder.LITTLE_ENDIAN;

    private PatchModuleBuilder(String name) {
        this.name = name;
        this.nameInModinfo = name.replace('-', '_');
        modinfo.put("vermagic", VERMAGIC);
        modinfo.put("license", "GPL");
    }

    /** A patch module for the kernel's livepatch. */
    public static PatchModuleBuilder patchModule(String name) {
        return new PatchModuleBuilder(name).field("livepatch", "Y");
    }

    /** A patch module for the older core module. */
    public static PatchModuleBuilder coreModule(String name) {
        return new PatchModuleBuilder(name).madeByKpatchBuild().needs("kpatch_register");
    }

    /** A kernel module that is no patch module. */
    public static PatchModuleBuilder kernelModule(String name) {
        return new PatchModuleBuilder(name);
    }

    public PatchModuleBuilder vermagic(String vermagic) {
        return field("vermagic", vermagic);
    }

    /** A field of modinfo; takes the place of one with the same key. */
    public PatchModuleBuilder field(String key, String value) {
        modinfo.put(key, value);
        return this;
    }

    /** Another name in modinfo than in struct module; none if empty. */
    public PatchModuleBuilder nameInModinfo(String other) {
        this.nameInModinfo = other;
        return this;
    }

    /** Functions that it patches in an object. */
    public PatchModuleBuilder patches(String object, String... functions) {
        List<Function> known = objects.computeIfAbsent(object, key -> new ArrayList<>());
        for (String function : functions) {
            known.add(new Function(function, 0));
        }
        return this;
    }

    public PatchModuleBuilder patchesNth(String object, String function, long sympos) {
        objects.computeIfAbsent(object, key -> new ArrayList<>()).add(new Function(function, sympos));
        return this;
    }

    /** The atomic-replace flag, which only modules by hand show. */
    public PatchModuleBuilder replace(boolean on) {
        this.replace = on;
        return this;
    }

    public PatchModuleBuilder checksum(String text) {
        this.checksum = text;
        return this;
    }

    /** The linker's name for it, in hexadecimal digits. */
    public PatchModuleBuilder buildId(String digits) {
        this.buildId = digits;
        return this;
    }

    /** An undefined symbol. */
    public PatchModuleBuilder needs(String symbol) {
        undefined.add(symbol);
        return this;
    }

    /** An undefined symbol, and the checksum of the one that it was built against. */
    public PatchModuleBuilder needs(String symbol, int crc) {
        return version(symbol, crc).needs(symbol);
    }

    /** The checksum of something that it was built against. */
    public PatchModuleBuilder version(String symbol, int crc) {
        versions.put(symbol, crc);
        return this;
    }

    /** A symbol that livepatch looks up in an object. */
    public PatchModuleBuilder looksUp(String object, String symbol, int sympos) {
        lookedUp.add(".klp.sym." + object + "." + symbol + "," + sympos);
        return this;
    }

    public PatchModuleBuilder madeByKpatchBuild() {
        this.layout = Layout.KPATCH_BUILD;
        return this;
    }

    public PatchModuleBuilder madeByKlpBuild() {
        this.layout = Layout.KLP_BUILD;
        return this;
    }

    public PatchModuleBuilder builtFor(int machineNumber, ByteOrder byteOrder) {
        this.machine = new Machine(machineNumber);
        this.order = byteOrder;
        return this;
    }

    /** Bytes behind the ELF object, such as a signature. */
    public PatchModuleBuilder appended(byte[] bytes) {
        this.appended = bytes.clone();
        return this;
    }

    public byte[] bytes() {
        ElfBuilder elf = new ElfBuilder()
                .machine(machine.number())
                .byteOrder(order)
                .section(".text", ALLOC | EXEC, new byte[64])
                .section(".modinfo", ALLOC, modinfoBytes())
                .section(".gnu.linkonce.this_module", ALLOC | WRITE, structModule())
                .sectionSymbol(".text")
                .symbol("__this_module", 1, ".gnu.linkonce.this_module", 0, 1280);
        undefined.forEach(elf::undefined);
        lookedUp.forEach(elf::lookedUp);
        if (!versions.isEmpty()) {
            elf.section("__versions", ALLOC, versionBytes());
        }
        if (!checksum.isEmpty()) {
            elf.section(".kpatch.checksum", 0, (checksum + "\0").getBytes(StandardCharsets.US_ASCII));
        }
        if (!buildId.isEmpty()) {
            elf.section(".note.gnu.build-id", SHT_NOTE, ALLOC, BuildIdNote.of(buildId, order));
        }
        if (!objects.isEmpty()) {
            new PatchTables(elf, machine.absolute64(), order).add(layout, objects, replace);
        }
        byte[] object = elf.bytes();
        return ByteBuffer.allocate(object.length + appended.length)
                .put(object)
                .put(appended)
                .array();
    }

    /** Writes {@code NAME.ko} into a directory. */
    public Path writeTo(Path directory) {
        return writeAs(directory.resolve(name + ".ko"));
    }

    public Path writeAs(Path file) {
        try {
            return Files.write(file, bytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] versionBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(64 * versions.size()).order(order);
        int at = 0;
        for (Map.Entry<String, Integer> version : versions.entrySet()) {
            bytes.putLong(at, version.getValue() & 0xffff_ffffL);
            bytes.put(at + 8, version.getKey().getBytes(StandardCharsets.US_ASCII));
            at += 64;
        }
        return bytes.array();
    }

    private byte[] modinfoBytes() {
        ByteArrayOutputStream fields = new ByteArrayOutputStream();
        Map<String, String> all = new LinkedHashMap<>(modinfo);
        if (!nameInModinfo.isEmpty()) {
            all.put("name", nameInModinfo);
        }
        all.forEach((key, value) -> fields.writeBytes((key + "=" + value + "\0").getBytes(StandardCharsets.UTF_8)));
        return fields.toByteArray();
    }

    private byte[] structModule() {
        byte[] module = new byte[1280];
        byte[] inStruct = name.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(inStruct, 0, module, 24, inStruct.length);
        return module;
    }
}
