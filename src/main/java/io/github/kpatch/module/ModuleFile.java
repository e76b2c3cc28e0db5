// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import io.github.kpatch.elf.ElfObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A patch module's file, read once: what was looked at is what {@link #content} holds, whatever becomes of the file.
 * The array is not a copy, since modules are big and this one is only passed on; nobody changes it.
 */
public final class ModuleFile {
    /** No file bigger than this is read. */
    public static final long MAX_SIZE = 1L << 30;

    /** The first bytes tell what a file is: no more is read of one that is no module. */
    private static final int BEGINNING = 4096;

    private final Path path;
    private final FileIdentity identity;
    private final Compression compression;
    private final boolean forKernel;
    private final byte[] content;
    private final PatchModule module;
    private @Nullable String sha256;

    private ModuleFile(Path path, FileIdentity identity, byte[] stored, byte[] content, PatchModule module) {
        this.path = path;
        this.identity = identity;
        this.compression = Compression.of(stored);
        this.forKernel = compression.isForKernel(stored);
        this.content = content;
        this.module = module;
    }

    /**
     * Reads a patch module from disk.
     *
     * @throws IOException if the file isn't there ({@code NoSuchFileException}), may not be read
     *     ({@code AccessDeniedException}) or could not be; its own message tells little, its type does
     * @throws NotAPatchModuleException if it isn't a regular file or has no patch module in it
     */
    public static ModuleFile read(Path path, Zstd zstd) throws IOException, NotAPatchModuleException {
        FileIdentity identity = FileIdentity.of(path);
        byte[] stored = readAll(path, sizeOfRegularFile(path));
        // A plain file must not cost the loading of what unpacks: that takes longer than all the rest.
        byte[] content = Compression.of(stored) == Compression.NONE ? stored : Unpacking.unpack(stored, zstd);
        return new ModuleFile(path, identity, stored, content, new PatchModuleReader().read(content));
    }

    /** Attributes come first, since opening a FIFO waits for a writer and opening a device may do anything. */
    private static long sizeOfRegularFile(Path path) throws IOException, NotAPatchModuleException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        if (attributes.isDirectory()) {
            throw new NotAPatchModuleException("is a directory");
        }
        if (!attributes.isRegularFile()) {
            throw new NotAPatchModuleException("is not a regular file");
        }
        if (attributes.size() > MAX_SIZE) {
            throw new NotAPatchModuleException("is bigger than 1 GiB, which no kernel module is");
        }
        if (attributes.size() > roomFor()) {
            throw new NotAPatchModuleException(
                    "is too big to be read with the memory that there is",
                    "KPATCH_JAVA_OPTIONS=-Xmx2g gives more",
                    null);
        }
        return attributes.size();
    }

    /** How big a module can be in the memory of this process: while one is unpacked there are two copies, and the rest. */
    static int roomFor() {
        return (int) Math.min(MAX_SIZE, Runtime.getRuntime().maxMemory() / 4);
    }

    private static byte[] readAll(Path path, long size) throws IOException, NotAPatchModuleException {
        try (InputStream file = Files.newInputStream(path)) {
            byte[] beginning = file.readNBytes((int) Math.min(BEGINNING, size));
            if (Compression.of(beginning) == Compression.NONE && !ElfObject.isElf(beginning)) {
                return beginning; // enough to see that it is no module
            }
            byte[] content = Arrays.copyOf(beginning, (int) size);
            int length =
                    beginning.length + file.readNBytes(content, beginning.length, content.length - beginning.length);
            if (length < content.length || file.read() >= 0) {
                throw new NotAPatchModuleException("was changed while it was read");
            }
            return content;
        }
    }

    public Path path() {
        return path;
    }

    /** What the file was when it was read. */
    public FileIdentity identity() {
        return identity;
    }

    public Compression compression() {
        return compression;
    }

    /** Whether a kernel that unpacks such files will take this one as it is. */
    public boolean isForKernel() {
        return forKernel;
    }

    /** The module itself, unpacked: what the kernel is to be given. */
    public byte[] content() {
        return content;
    }

    /** The SHA-256 of {@link #content} in hexadecimal digits, computed once: it takes a while. */
    public String sha256() {
        if (sha256 == null) {
            sha256 = Sha256.of(content);
        }
        return sha256;
    }

    public PatchModule module() {
        return module;
    }
}
