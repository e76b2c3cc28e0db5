// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel.jna;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.kernel.SystemCallException;
import io.github.kpatch.kernel.SystemCalls;
import io.github.kpatch.module.FileIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;

/** The system calls of the running kernel. */
public final class LinuxSystemCalls implements SystemCalls {
    /** MODULE_INIT_COMPRESSED_FILE (include/uapi/linux/module.h). */
    private static final int COMPRESSED_FILE = 4;

    private final LibC libC;
    private final String architecture;
    private final Path openFiles;
    private final Logger log;

    /** @param openFiles where this process's open files are to be seen, /proc/self/fd (proc(5)) */
    public LinuxSystemCalls(LibC libC, String architecture, Path openFiles, Logger log) {
        this.libC = libC;
        this.openFiles = openFiles;
        this.architecture = architecture;
        this.log = log;
    }

    @Override
    public void loadModule(Path file, boolean packed, Optional<FileIdentity> checked) throws SystemCallException {
        String path = file.toString();
        int flags = packed ? COMPRESSED_FILE : 0;
        log.debug("finit_module({}, {})", path, flags);
        int fd = libC.open(path, LibC.O_RDONLY);
        try {
            requireUnchanged(fd, path, checked);
            libC.finitModule(finitModuleNumber(), fd, flags, path);
        } finally {
            libC.close(fd);
        }
    }

    @Override
    public void loadModule(byte[] image) throws SystemCallException {
        log.debug("init_module({} bytes)", image.length);
        libC.initModule(image, image.length + " bytes");
    }

    @Override
    public void removeModule(String name) throws SystemCallException {
        log.debug("delete_module({}, O_NONBLOCK)", name);
        libC.deleteModule(name, LibC.O_NONBLOCK);
    }

    @Override
    public void writeAttribute(Path attribute, String value) throws SystemCallException {
        String path = attribute.toString();
        log.debug("write({}, {})", path, value);
        int fd = libC.open(path, LibC.O_WRONLY);
        try {
            libC.write(fd, value.getBytes(StandardCharsets.UTF_8), path);
        } finally {
            libC.close(fd);
        }
    }

    private void requireUnchanged(int fd, String path, Optional<FileIdentity> checked) {
        try {
            if (checked.isPresent()
                    && !checked.get().equals(FileIdentity.of(openFiles.resolve(Integer.toString(fd))))) {
                throw new KpatchException(
                        Failure.REFUSED,
                        path + ": was changed after it was checked",
                        "see that nobody writes it, and try again");
            }
        } catch (IOException e) {
            throw new KpatchException(Failure.FAILED, path + ": cannot be looked at while it is open: " + e, e);
        }
    }

    /** The call's number, which the C library has no name for: arch/.../syscall.tbl and asm-generic/unistd.h. */
    private long finitModuleNumber() {
        return switch (architecture) {
            case "x86_64" -> 313;
            case "aarch64", "riscv64", "loongarch64" -> 273;
            case "ppc64le" -> 353;
            case "s390x" -> 344;
            default ->
                throw new KpatchException(
                        Failure.REFUSED, "this machine's architecture, " + architecture + ", has no livepatch");
        };
    }
}
