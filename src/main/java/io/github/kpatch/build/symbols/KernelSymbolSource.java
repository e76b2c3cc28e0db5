// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.symbols;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.failure.Sentence;
import io.github.kpatch.kernel.Roots;
import io.github.kpatch.module.NotAPatchModuleException;
import io.github.kpatch.module.Unpacking;
import io.github.kpatch.module.Zstd;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the symbols of a kernel in what there is on the machine; no debug information is needed. */
public final class KernelSymbolSource {
    private static final int BEGINNING = 4096;

    private final Roots roots;
    private final Zstd zstd;

    public KernelSymbolSource(Roots roots, Zstd zstd) {
        this.roots = roots;
        this.zstd = zstd;
    }

    /**
     * What was found.
     *
     * @param symbols the kernel's symbols
     * @param file where they come from
     * @param addressesKnown false where the kernel keeps them secret from this user: then only the order is known, which
     *     is all that positions need
     */
    public record Found(ParentSymbols symbols, Path file, boolean addressesKnown) {}

    /** The symbols in a file that the user names: a System.map, what /proc/kallsyms says, a vmlinux or a vmlinuz. */
    public Found in(Path file) {
        return read(file, this::open);
    }

    /** The symbols of a module, from its file, which may be compressed. */
    public ParentSymbols ofModule(Path file) {
        return read(file, path -> ParentSymbols.ofModule(unpacked(path)));
    }

    private byte[] unpacked(Path file) throws IOException, NoSymbolsException {
        try {
            return Unpacking.unpack(Files.readAllBytes(file), zstd);
        } catch (NotAPatchModuleException e) {
            throw new NoSymbolsException(String.valueOf(e.getMessage()), e);
        }
    }

    private interface Reader<T> {
        T read(Path file) throws IOException, NoSymbolsException;
    }

    private static <T> T read(Path file, Reader<T> reader) {
        try {
            return reader.read(file);
        } catch (NoSuchFileException e) {
            throw new KpatchException(Failure.FAILED, file + ": is not there", e);
        } catch (AccessDeniedException e) {
            throw new KpatchException(Failure.NOT_PERMITTED, file + ": may not be read by this user", e);
        } catch (IOException e) {
            throw new KpatchException(Failure.FAILED, file + ": cannot be read: " + e.getMessage(), e);
        } catch (NoSymbolsException e) {
            throw new KpatchException(Failure.FAILED, file + ": " + e.getMessage(), e);
        }
    }

    /**
     * The symbols of a kernel from the first of these that has them: its System.map, its vmlinuz, and /proc/kallsyms if
     * that kernel is running.
     *
     * @param release as {@code uname -r} has it
     * @param version as {@code uname -v} has it, where it is known: what tells two builds of one release apart
     */
    public Found of(String release, Optional<String> version) {
        List<String> reasons = new ArrayList<>();
        for (Path file : roots.kernelFiles(release)) {
            Optional<Found> found = attempt(file, reasons);
            if (found.isPresent()) {
                return found.get();
            }
        }
        return ofRunning(release, version, reasons)
                .orElseThrow(() -> new KpatchException(
                        Failure.FAILED,
                        Sentence.of(
                                "there are no symbols of kernel " + release + " on this machine",
                                "name its System.map, vmlinux or vmlinuz by --symbols"),
                        reasons));
    }

    private Optional<Found> ofRunning(String release, Optional<String> version, List<String> reasons) {
        Path file = roots.proc().resolve("kallsyms");
        Banner running = new Banner(text(roots.proc().resolve("version")).strip());
        if (!running.release().equals(release)) {
            reasons.add(file + ": is of another kernel, " + running.release());
        } else if (version.isEmpty()) {
            reasons.add(file + ": may be of another build of " + release);
        } else if (!running.text().endsWith(" " + version.get())) {
            reasons.add(file + ": is of another build of " + release + ", not of " + version.get());
        } else {
            return attempt(file, reasons);
        }
        return Optional.empty();
    }

    private Optional<Found> attempt(Path file, List<String> reasons) {
        try {
            return Optional.of(open(file));
        } catch (IOException e) {
            reasons.add(file + (e instanceof NoSuchFileException ? ": is not there" : ": cannot be read"));
        } catch (NoSymbolsException e) {
            reasons.add(file + ": " + e.getMessage());
        }
        return Optional.empty();
    }

    private Found open(Path file) throws IOException, NoSymbolsException {
        if (!Files.isRegularFile(file) && Files.exists(file)) {
            throw new NoSymbolsException("is not a regular file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            if (KernelImage.is(in.readNBytes(BEGINNING))) {
                return new Found(KernelImage.read(file, zstd).symbols(), file, true);
            }
        }
        SymbolText text = new SymbolText();
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null && text.isGood(); line = lines.readLine()) {
                text.line(line);
            }
        }
        return new Found(ParentSymbols.ofKernel(text.symbols()), file, !text.isSecret());
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
