// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import io.github.kpatch.elf.ElfObject;
import io.github.kpatch.elf.ElfSection;
import io.github.kpatch.elf.MalformedElfException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a module and its kernel must have in common (include/linux/vermagic.h).
 *
 * @param release the kernel's version, as {@code uname -r} has it
 * @param properties the words behind it, such as {@code SMP} and {@code preempt}
 */
public record Vermagic(String release, List<String> properties) {
    /** Drivers are bigger than anything else that is a module; the field is in all of them. */
    private static final long MAX_SIZE = 64 << 20;

    public Vermagic {
        properties = List.copyOf(properties);
    }

    public static Vermagic parse(String text) {
        List<String> words = new ArrayList<>(List.of(text.strip().split(" +", -1)));
        String release = words.remove(0);
        return new Vermagic(release, words);
    }

    /** That of any kernel module, such as one of the kernel's own; empty where it cannot be told. */
    public static Optional<Vermagic> of(Path file, Zstd zstd) {
        try {
            if (Files.size(file) > MAX_SIZE) {
                return Optional.empty();
            }
            byte[] stored = Files.readAllBytes(file);
            ElfObject elf = ElfObject.parse(Unpacking.unpack(stored, zstd));
            Optional<ElfSection> section = elf.sectionNamed(".modinfo");
            return section.isEmpty()
                    ? Optional.empty()
                    : ModinfoSection.parse(elf.contentOf(section.get()))
                            .first("vermagic")
                            .map(Vermagic::parse);
        } catch (IOException | MalformedElfException | NotAPatchModuleException e) {
            return Optional.empty();
        }
    }

    /** The words that only one of the two has: what keeps a module of the right release from being taken. */
    public List<String> propertiesNotIn(Vermagic other) {
        List<String> missing = new ArrayList<>(properties);
        missing.removeAll(other.properties);
        return missing;
    }
}
