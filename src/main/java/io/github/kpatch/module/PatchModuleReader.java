// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import io.github.kpatch.elf.ElfHeader;
import io.github.kpatch.elf.ElfObject;
import io.github.kpatch.elf.ElfSection;
import io.github.kpatch.elf.MalformedElfException;
import io.github.kpatch.elf.SymbolTable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Reads a patch module, uncompressed, from memory. */
public final class PatchModuleReader {
    private static final String NOT_A_MODULE = "is an object file, not a kernel module";

    /** {@code struct module} of a 64-bit kernel: an enum with padding and a list head stand before the name. */
    private static final int NAME_IN_STRUCT_MODULE = 24;

    private static final int MAX_CHECKSUM = 128;

    /** What the functions and the way of patching are, by whichever tool made the module. */
    private record Patches(List<PatchedObject> objects, Optional<Boolean> replace) {}

    /** Reads what a module says of itself; the bytes are neither changed nor kept. */
    public PatchModule read(byte[] content) throws NotAPatchModuleException {
        if (content.length == 0) {
            throw new NotAPatchModuleException("is empty");
        }
        try {
            return read(content, ElfObject.parse(content));
        } catch (MalformedElfException e) {
            throw new NotAPatchModuleException(String.valueOf(e.getMessage()), e);
        }
    }

    private static PatchModule read(byte[] content, ElfObject elf)
            throws NotAPatchModuleException, MalformedElfException {
        requireRelocatable(elf.header().type());
        Optional<ElfSection> modinfoSection = elf.sectionNamed(".modinfo");
        ModinfoSection modinfo =
                ModinfoSection.parse(modinfoSection.isEmpty() ? new byte[0] : elf.contentOf(modinfoSection.get()));
        ModuleName name = name(elf, modinfo);
        Optional<SymbolTable> symbols = elf.symbols();
        Design design = design(modinfo, symbols);
        Patches patches = symbols.isEmpty()
                ? new Patches(List.of(), Optional.empty())
                : patches(new Pointers(elf, symbols.get()));
        return new PatchModule(
                name,
                modinfo.first("vermagic"),
                elf.header().machine(),
                elf.header().byteOrder(),
                design,
                patches.replace(),
                checksum(elf),
                buildId(elf),
                modinfo.fields(),
                patches.objects(),
                SignatureReader.read(content));
    }

    private static void requireRelocatable(int type) throws NotAPatchModuleException {
        switch (type) {
            case ElfHeader.ET_REL -> {}
            case ElfHeader.ET_EXEC -> throw new NotAPatchModuleException("is an executable, not a kernel module");
            case ElfHeader.ET_DYN ->
                throw new NotAPatchModuleException("is an executable or a shared library, not a kernel module");
            case ElfHeader.ET_CORE -> throw new NotAPatchModuleException("is a core dump, not a kernel module");
            default -> throw new NotAPatchModuleException("is an ELF file of unknown type, not a kernel module");
        }
    }

    private static ModuleName name(ElfObject elf, ModinfoSection modinfo)
            throws NotAPatchModuleException, MalformedElfException {
        String inStruct = nameInStructModule(elf);
        Optional<String> inModinfo = modinfo.first("name");
        if (inStruct.isEmpty() && inModinfo.isEmpty()) {
            throw new NotAPatchModuleException(NOT_A_MODULE);
        }
        Optional<ModuleName> name = ModuleName.parse(inStruct.isEmpty() ? inModinfo.get() : inStruct);
        if (name.isEmpty()) {
            throw new NotAPatchModuleException("is corrupt: no module can have the name that it gives itself");
        }
        if (inModinfo.isPresent() && !name.equals(ModuleName.parse(inModinfo.get()))) {
            throw new NotAPatchModuleException("is corrupt: it gives itself two different names");
        }
        return name.get();
    }

    /** The name in the structure that the kernel will use, empty if it isn't there. */
    private static String nameInStructModule(ElfObject elf) throws MalformedElfException {
        Optional<ElfSection> module = elf.sectionNamed(".gnu.linkonce.this_module");
        return module.isEmpty() || !module.get().hasContent()
                ? ""
                : elf.stringAt(module.get(), NAME_IN_STRUCT_MODULE, ModuleName.MAX_LENGTH);
    }

    private static Design design(ModinfoSection modinfo, Optional<SymbolTable> symbols)
            throws NotAPatchModuleException, MalformedElfException {
        if (modinfo.first("livepatch").isPresent()) {
            return Design.LIVEPATCH;
        }
        if (symbols.isPresent() && symbols.get().needs("kpatch_register")) {
            return Design.CORE;
        }
        throw new NotAPatchModuleException("is a kernel module but not a patch module");
    }

    private static Patches patches(Pointers pointers) throws MalformedElfException {
        PatchedObjects byKpatchBuild = new PatchedObjects();
        boolean functions = KpatchFuncs.addTo(byKpatchBuild, pointers);
        boolean callbacks = KpatchCallbacks.addTo(byKpatchBuild, pointers);
        if (functions || callbacks) {
            return new Patches(byKpatchBuild.toList(), Optional.empty());
        }
        Optional<ElfSection> byKlpBuild = pointers.elf().sectionNamed(".init.klp_objects");
        if (byKlpBuild.isPresent()) {
            ElfSection section = byKlpBuild.get();
            return new Patches(new KlpArrays(pointers).objects(section, 0, section.size()), Optional.empty());
        }
        Optional<KlpPatch> byHand = KlpPatch.find(pointers);
        return byHand.isEmpty()
                ? new Patches(List.of(), Optional.empty())
                : new Patches(byHand.get().objects(), Optional.of(byHand.get().replace()));
    }

    private static Optional<String> buildId(ElfObject elf) throws MalformedElfException {
        Optional<ElfSection> section = elf.sectionNamed(BuildId.SECTION);
        return section.isEmpty() || !section.get().hasContent()
                ? Optional.empty()
                : BuildId.parse(elf.contentOf(section.get()), elf.header().byteOrder());
    }

    private static Optional<String> checksum(ElfObject elf) throws NotAPatchModuleException, MalformedElfException {
        Optional<ElfSection> section = elf.sectionNamed(".kpatch.checksum");
        if (section.isEmpty()) {
            return Optional.empty();
        }
        if (section.get().size() > MAX_CHECKSUM) {
            throw new NotAPatchModuleException("is corrupt: its .kpatch.checksum section is not a checksum");
        }
        String padded = new String(elf.contentOf(section.get()), StandardCharsets.ISO_8859_1);
        int end = padded.indexOf('\0');
        String checksum = (end < 0 ? padded : padded.substring(0, end)).strip();
        for (int i = 0; i < checksum.length(); i++) {
            if (checksum.charAt(i) < ' ' || checksum.charAt(i) > '~') {
                throw new NotAPatchModuleException("is corrupt: its .kpatch.checksum section is not text");
            }
        }
        return checksum.isEmpty() ? Optional.empty() : Optional.of(checksum);
    }
}
