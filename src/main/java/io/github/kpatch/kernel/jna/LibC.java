// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel.jna;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import io.github.kpatch.kernel.SystemCallException;
import java.nio.charset.StandardCharsets;

/**
 * The functions of the C library that kpatch calls, each looked up when it is first called. Functions are invoked
 * directly and not through a proxy interface: it costs less at start-up.
 */
public final class LibC {
    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_NONBLOCK = 0x800;
    static final int O_CLOEXEC = 0x80000;
    static final int SEEK_END = 2;

    /** JNA's flag for a variadic function, of whose arguments so many are fixed. */
    private static final int VARIADIC_AFTER_TWO = 2 << 7;

    private static final int LOG_PID = 1;
    private static final int LOG_NOTICE = 5;
    private static final int LOG_AUTHPRIV = 10 << 3;

    private final NativeLibrary library = NativeLibrary.getProcess();

    /** open(2). */
    int open(String path, int flags) throws SystemCallException {
        return (int) check("open", path, call("open", cString(path), flags | O_CLOEXEC));
    }

    /** close(2); what it returns is of no use after the work is done. */
    void close(int fd) {
        call("close", fd);
    }

    /** One write(2) of the whole value. */
    void write(int fd, byte[] value, String what) throws SystemCallException {
        check("write", what, callLong("write", fd, value, (long) value.length));
    }

    /** read(2); the number of bytes. */
    int read(int fd, byte[] buffer, String what) throws SystemCallException {
        return (int) check("read", what, callLong("read", fd, buffer, (long) buffer.length));
    }

    /** lseek(2). */
    void seekToEnd(int fd, String what) throws SystemCallException {
        check("lseek", what, callLong("lseek", fd, 0L, SEEK_END));
    }

    /** finit_module(2), which the C library does not export: through syscall(2), an assembler function. */
    void finitModule(long number, int fd, int flags, String what) throws SystemCallException {
        check("finit_module", what, callLong("syscall", number, (long) fd, cString(""), (long) flags));
    }

    /** init_module(2). */
    void initModule(byte[] image, String what) throws SystemCallException {
        check("init_module", what, call("init_module", image, (long) image.length, cString("")));
    }

    /** delete_module(2). */
    void deleteModule(String name, int flags) throws SystemCallException {
        check("delete_module", name, call("delete_module", cString(name), flags));
    }

    /** One line by syslog(3), at the level notice. */
    void syslog(String program, String line) {
        try (Memory name = new Memory(program.length() + 1L)) { // openlog(3) keeps the pointer
            name.setString(0, program);
            library.getFunction("openlog").invokeVoid(new Object[] {name, LOG_PID, LOG_AUTHPRIV});
            library.getFunction("syslog", VARIADIC_AFTER_TWO)
                    .invokeVoid(new Object[] {LOG_AUTHPRIV | LOG_NOTICE, cString("%s"), cString(line)});
            library.getFunction("closelog").invokeVoid(new Object[0]);
        }
    }

    private int call(String function, Object... arguments) {
        return library.getFunction(function).invokeInt(arguments);
    }

    private long callLong(String function, Object... arguments) {
        return library.getFunction(function).invokeLong(arguments);
    }

    private static long check(String call, String what, long result) throws SystemCallException {
        if (result == -1) {
            throw new SystemCallException(call, what, Native.getLastError());
        }
        return result;
    }

    private static byte[] cString(String text) {
        return (text + "\0").getBytes(StandardCharsets.UTF_8);
    }
}
