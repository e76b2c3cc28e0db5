// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.kbuild;

import io.github.kpatch.build.source.KernelConfig;
import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.kernel.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Signs modules by the kernel's own {@code scripts/sign-file} (Documentation/admin-guide/module-signing.rst).
 *
 * @param key the private key, a PEM file or a PKCS#11 URI
 * @param certificate the certificate, X.509
 */
public record ModuleSigner(String key, Path certificate) {

    /**
     * Signs a module where it lies.
     *
     * @param tree a prepared tree, or a kernel's headers
     */
    public void sign(Path module, Path tree, KernelConfig config, Tools tools, BuildLog log) {
        Path program = tree.resolve("scripts/sign-file");
        if (!Files.isExecutable(program)) {
            throw new KpatchException(
                    Failure.FAILED,
                    module.getFileName() + ": cannot be signed, as there is no " + program,
                    "leave --sign-key out if the kernel has no CONFIG_MODULE_SIG, or else install the development files of"
                            + " OpenSSL and have the tree prepared anew");
        }
        String hash = config.value("MODULE_SIG_HASH").orElse("sha256");
        int status = tools.run(
                List.of(program.toString(), hash, key, certificate.toString(), module.toString()), tree, log::line);
        if (status != 0) {
            throw new KpatchException(
                    Failure.FAILED,
                    module.getFileName() + ": cannot be signed by " + key + " and " + certificate,
                    log.file() + " says why");
        }
    }
}
