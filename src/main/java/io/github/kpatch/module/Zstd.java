// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import java.io.IOException;
import java.io.InputStream;

/** What unpacks zstd, which Java itself cannot: a library of the system. */
@FunctionalInterface
public interface Zstd {

    /**
     * The unpacked content of Zstandard frames (RFC 8878), one after the other. Reading it throws an {@code IOException}
     * where they are malformed, end too soon, or need more memory than zstd(1) takes without being asked for it.
     *
     * @throws NotAPatchModuleException if the library is not there
     */
    InputStream open(byte[] packed) throws IOException, NotAPatchModuleException;
}
