// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;

/**
 * A patch module's file, read once: what was looked at is what {@link #stored} and {@link #content} hold, whatever becomes
 * of the file. The arrays are not copies, since modules are big and these are only passed on; nobody changes them.
 */
public final class ModuleFile {
    /** No file bigger than this is read. */
    public static final long MAX_SIZE = 1L << 30;

    private final Path path;
    private final Compression compression;
    private final byte[] stored;
    private final byte[] content;
    private final PatchModule module;

    private ModuleFile(Path path, Compression compression, byte[] stored, byte[] content, PatchModule module) {
        this.path = path;
        this.compression = compression;
        this.stored = stored;
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
    public static ModuleFile read(Path path) throws IOException, NotAPatchModuleException {
        byte[] stored = readRegularFile(path);
        Compression compression = Compression.of(stored);
        // A plain file must not cost the loading of what unpacks: that takes longer than all the rest.
        byte[] content = compression == Compression.NONE ? stored : Unpacking.unpack(stored, compression);
        return new ModuleFile(path, compression, stored, content, new PatchModuleReader().read(content));
    }

    /** Attributes come first, since opening a FIFO waits for a writer and opening a device may do anything. */
    private static byte[] readRegularFile(Path path) throws IOException, NotAPatchModuleException {
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
        byte[] content = new byte[(int) attributes.size()];
        try (InputStream file = Files.newInputStream(path)) {
            int length = file.readNBytes(content, 0, content.length);
            if (length < content.length || file.read() >= 0) {
                throw new NotAPatchModuleException("was changed while it was read");
            }
        }
        return content;
    }

    public Path path() {
        return path;
    }

    public Compression compression() {
        return compression;
    }

    /** The file as it is on disk. */
    public byte[] stored() {
        return stored;
    }

    /** The module itself, unpacked: what the kernel is to be given. The same array as {@link #stored} if it was plain. */
    public byte[] content() {
        return content;
    }

    public PatchModule module() {
        return module;
    }

    /** Whether another file has the same bytes. */
    public boolean hasSameBytes(ModuleFile other) {
        return Arrays.equals(stored, other.stored);
    }
}
