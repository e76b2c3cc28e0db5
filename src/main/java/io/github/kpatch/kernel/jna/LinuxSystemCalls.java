// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel.jna;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.kernel.SystemCallException;
import io.github.kpatch.kernel.SystemCalls;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.slf4j.Logger;

/** The system calls of the running kernel. */
public final class LinuxSystemCalls implements SystemCalls {
    private final LibC libC;
    private final String architecture;
    private final Logger log;

    public LinuxSystemCalls(LibC libC, String architecture, Logger log) {
        this.libC = libC;
        this.architecture = architecture;
        this.log = log;
    }

    @Override
    public void loadModule(Path file) throws SystemCallException {
        String path = file.toString();
        log.debug("finit_module({})", path);
        int fd = libC.open(path, LibC.O_RDONLY);
        try {
            libC.finitModule(finitModuleNumber(), fd, path);
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
