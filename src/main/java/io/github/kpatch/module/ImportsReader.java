// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import io.github.kpatch.elf.ElfObject;
import io.github.kpatch.elf.ElfSection;
import io.github.kpatch.elf.ElfSymbol;
import io.github.kpatch.elf.MalformedElfException;
import io.github.kpatch.elf.SymbolTable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reads from a module, uncompressed, what it needs from the kernel. */
public final class ImportsReader {
    /** KSYM_NAME_LEN, include/linux/kallsyms.h. */
    private static final int MAX_SYMBOL = 512;

    /** Symbols of livepatch have another's name in theirs, after their object's. */
    private static final int MAX_NAME = MAX_SYMBOL + 80;

    /** SHN_LIVEPATCH, include/uapi/linux/elf.h. */
    private static final int SHN_LIVEPATCH = 0xff20;

    private static final String LIVEPATCH = ".klp.sym.";

    /** What the kernel sees to itself: the base of the TOC of ppc64, and what older assemblers of x86 leave behind. */
    private static final Set<String> NOT_LOOKED_UP = Set.of(".TOC.", "_GLOBAL_OFFSET_TABLE_");

    /** By the checksum of this the kernel tells whether its struct module is that of the module. */
    private static final String LAYOUT = "module_layout";

    /** A driver has some hundred. */
    static final int MOST_IMPORTS = 50_000;

    /**
     * {@code struct modversion_info} of a 64-bit kernel (include/linux/module.h).
     *
     * <pre>{@code
     * struct modversion_info {
     *     unsigned long crc;       // 0
     *     char name[56];           // 8
     * };
     * }</pre>
     */
    private static final int VERSION_SIZE = 64;

    private static final int VERSION_NAME = 8;

    private ImportsReader() {}

    /** Reads what a module needs; the bytes are neither changed nor kept. */
    public static ModuleImports read(byte[] content) throws NotAPatchModuleException {
        try {
            ElfObject elf = ElfObject.parse(content);
            Optional<SymbolTable> symbols = elf.symbols();
            return symbols.isEmpty() ? new ModuleImports(List.of(), List.of()) : read(symbols.get(), versions(elf));
        } catch (MalformedElfException e) {
            throw new NotAPatchModuleException(String.valueOf(e.getMessage()), e);
        }
    }

    private static ModuleImports read(SymbolTable symbols, Map<String, Long> versions)
            throws NotAPatchModuleException, MalformedElfException {
        List<ModuleImports.Exported> exported = new ArrayList<>();
        List<ModuleImports.LookedUp> looked = new ArrayList<>();
        Long layout = versions.get(LAYOUT);
        if (layout != null) {
            exported.add(new ModuleImports.Exported(LAYOUT, true, OptionalLong.of(layout)));
        }
        for (int i = 1; i < symbols.size(); i++) {
            if (exported.size() + looked.size() > MOST_IMPORTS) {
                throw new NotAPatchModuleException("is corrupt: it needs more symbols than any kernel has");
            }
            ElfSymbol symbol = symbols.get(i);
            if (symbol.isUndefined()) {
                String name = symbols.nameOf(symbol, MAX_NAME);
                if (!name.isEmpty() && !NOT_LOOKED_UP.contains(name)) {
                    Long crc = versions.get(printable(name));
                    exported.add(new ModuleImports.Exported(
                            name,
                            symbol.binding() == ElfSymbol.STB_WEAK,
                            crc == null ? OptionalLong.empty() : OptionalLong.of(crc)));
                }
            } else if (symbol.reserved() == SHN_LIVEPATCH) {
                looked.add(lookedUp(printable(symbols.nameOf(symbol, MAX_NAME))));
            }
        }
        return new ModuleImports(exported, looked);
    }

    private static ModuleImports.LookedUp lookedUp(String name) throws NotAPatchModuleException {
        int dot = name.indexOf('.', LIVEPATCH.length());
        int comma = name.lastIndexOf(',');
        if (name.startsWith(LIVEPATCH) && dot > LIVEPATCH.length() && comma > dot + 1) {
            try {
                long position = Long.parseLong(name.substring(comma + 1));
                if (position >= 0) {
                    return new ModuleImports.LookedUp(
                            name.substring(LIVEPATCH.length(), dot),
                            new PatchedFunction(name.substring(dot + 1, comma), position));
                }
            } catch (NumberFormatException e) {
                // the same answer as to a name of another form
            }
        }
        throw new NotAPatchModuleException("is corrupt: '" + name + "' is no name that livepatch could look up");
    }

    private static String printable(String name) throws NotAPatchModuleException {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) <= ' ' || name.charAt(i) > '~') {
                throw new NotAPatchModuleException("is corrupt: the name of a symbol is not text");
            }
        }
        return name;
    }

    /** The checksums of symbols: CONFIG_MODVERSIONS, and since Linux 6.14 also CONFIG_EXTENDED_MODVERSIONS. */
    private static Map<String, Long> versions(ElfObject elf) throws MalformedElfException {
        Map<String, Long> versions = new HashMap<>();
        Optional<ElfSection> basic = elf.sectionNamed("__versions");
        if (basic.isPresent() && basic.get().hasContent()) {
            for (long at = 0; at + VERSION_SIZE <= basic.get().size(); at += VERSION_SIZE) {
                String name = elf.stringAt(basic.get(), at + VERSION_NAME, VERSION_SIZE - VERSION_NAME - 1);
                put(versions, name, elf.u64At(basic.get(), at) & 0xffff_ffffL);
            }
        }
        Optional<ElfSection> crcs = elf.sectionNamed("__version_ext_crcs");
        Optional<ElfSection> names = elf.sectionNamed("__version_ext_names");
        if (crcs.isPresent() && names.isPresent()) {
            ByteBuffer values = ByteBuffer.wrap(elf.contentOf(crcs.get()))
                    .order(elf.header().byteOrder());
            long at = 0;
            while (values.remaining() >= Integer.BYTES && at < names.get().size()) {
                String name = elf.stringAt(names.get(), at, MAX_SYMBOL);
                put(versions, name, values.getInt() & 0xffff_ffffL);
                at += name.length() + 1L;
            }
        }
        return versions;
    }

    private static void put(Map<String, Long> versions, String name, long crc) throws MalformedElfException {
        if (versions.size() == MOST_IMPORTS) {
            throw new MalformedElfException(0, "is corrupt: it was built against more symbols than any kernel has");
        }
        versions.put(name, crc);
    }
}
