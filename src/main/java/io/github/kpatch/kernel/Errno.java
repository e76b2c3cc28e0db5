// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

/**
 * The error numbers that the calls here are known to give, errno(3). The numbers are those of the generic Linux ABI
 * (include/uapi/asm-generic/errno.h), which every architecture with livepatch uses.
 */
public enum Errno {
    EPERM(1),
    ENOENT(2),
    EINTR(4),
    EIO(5),
    ENOEXEC(8),
    EAGAIN(11),
    ENOMEM(12),
    EACCES(13),
    EBUSY(16),
    EEXIST(17),
    ENODEV(19),
    EINVAL(22),
    ETXTBSY(26),
    EFBIG(27),
    ENOSPC(28),
    EROFS(30),
    EPIPE(32),
    ENOSYS(38),
    ENODATA(61),
    ENOPKG(65),
    EBADMSG(74),
    EOPNOTSUPP(95),
    ETIMEDOUT(110),
    ENOKEY(126),
    EKEYREJECTED(129),
    /** A number that has no name here. */
    OTHER(0);

    private final int number;

    Errno(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** The name for a number, {@link #OTHER} where there is none. */
    public static Errno of(int number) {
        for (Errno errno : values()) {
            if (errno.number == number) {
                return errno;
            }
        }
        return OTHER;
    }
}
