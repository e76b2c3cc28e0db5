// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.symbols;

import io.github.kpatch.elf.ElfObject;
import io.github.kpatch.elf.ElfSection;
import io.github.kpatch.elf.MalformedElfException;
import io.github.kpatch.module.Zstd;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** A kernel, from its {@code vmlinuz} (a bzImage) or its {@code vmlinux} (an ELF file): its symbols, and who built it. */
public final class KernelImage {
    /** No kernel image is bigger. */
    private static final long MAX_SIZE = 256 << 20;

    private static final int BEGINNING = 4096;

    /** What tells of a kernel; .rodata has its own table of symbols and its banner. */
    private static final Set<String> TELLING = Set.of(".symtab", ".strtab", ".comment", ".rodata");

    private final byte[] content;

    private KernelImage(byte[] content) {
        this.content = content;
    }

    /** Whether a file that begins so is one that {@link #read} takes. */
    static boolean is(byte[] beginning) {
        return ElfObject.isElf(beginning) || BootImage.is(beginning);
    }

    /**
     * Reads a kernel; of an ELF file only what tells of it.
     *
     * @throws IOException if the file cannot be read
     * @throws NoSymbolsException if it is neither a bzImage nor an ELF file, or is malformed
     */
    public static KernelImage read(Path path, Zstd zstd) throws IOException, NoSymbolsException {
        try (SeekableByteChannel file = Files.newByteChannel(path)) {
            byte[] beginning = Channels.newInputStream(file).readNBytes(BEGINNING);
            if (ElfObject.isElf(beginning)) {
                return new KernelImage(ElfExcerpt.read(file, TELLING));
            }
            if (!BootImage.is(beginning)) {
                throw new NoSymbolsException("is no kernel: neither an ELF file nor a bzImage for x86");
            }
            if (file.size() > MAX_SIZE) {
                throw new NoSymbolsException("is bigger than 256 MiB, which no kernel image is");
            }
            file.position(0);
            return new KernelImage(
                    BootImage.kernelIn(Channels.newInputStream(file).readNBytes((int) MAX_SIZE), zstd));
        }
    }

    /** The kernel's symbols: those of its symbol table, or where it was stripped of it those of its own table. */
    public ParentSymbols symbols() throws NoSymbolsException {
        return ParentSymbols.ofKernel(symbolList());
    }

    SymbolList symbolList() throws NoSymbolsException {
        try {
            if (ElfObject.isElf(content)) {
                ElfObject elf = ElfObject.parse(content);
                if (elf.symbols().isPresent() && elf.symbols().get().size() > 1) {
                    return ElfSymbols.read(elf, true);
                }
            }
        } catch (MalformedElfException e) {
            throw new NoSymbolsException(String.valueOf(e.getMessage()), e);
        }
        return KernelTableReader.read(content);
    }

    /** How the kernel calls itself; empty where it does not say. */
    public Optional<Banner> banner() {
        return Banner.in(content);
    }

    /**
     * The first compiler that the section {@code .comment} of an ELF file names, such as {@code GCC: (Debian
     * 12.2.0-14+deb12u1) 12.2.0}; empty where there is none, as in every {@code vmlinuz}.
     */
    public Optional<String> compilerComment() {
        try {
            if (!ElfObject.isElf(content)) {
                return Optional.empty();
            }
            ElfObject elf = ElfObject.parse(content);
            Optional<ElfSection> section = elf.sectionNamed(".comment");
            if (section.isEmpty()) {
                return Optional.empty();
            }
            String comment = new String(elf.contentOf(section.get()), StandardCharsets.UTF_8);
            return Arrays.stream(comment.split("\0", -1))
                    .filter(text -> !text.isEmpty())
                    .findFirst();
        } catch (MalformedElfException e) {
            return Optional.empty();
        }
    }
}
