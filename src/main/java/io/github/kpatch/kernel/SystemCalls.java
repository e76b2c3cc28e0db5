// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import io.github.kpatch.module.FileIdentity;
import java.nio.file.Path;
import java.util.Optional;

/** The system calls that change the kernel. Each returns, or throws with the errno; none is tried twice here. */
public interface SystemCalls {

    /**
     * Loads a module from a file, finit_module(2), with empty parameters.
     *
     * @param packed whether the kernel has to unpack it
     * @param checked what the file was when it was examined, if it was; another one, or what was changed since, is
     *     refused
     */
    void loadModule(Path file, boolean packed, Optional<FileIdentity> checked) throws SystemCallException;

    /** Loads a module from memory, init_module(2), with empty parameters. */
    void loadModule(byte[] image) throws SystemCallException;

    /** Removes a module that nothing uses, delete_module(2) with O_NONBLOCK. */
    void removeModule(String name) throws SystemCallException;

    /** Writes a value to a sysfs attribute with one write(2), so that the kernel's own errno is seen. */
    void writeAttribute(Path attribute, String value) throws SystemCallException;
}
