// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

/** The signature appended to a module, as far as it can be told without verifying it, which is the kernel's job. */
public sealed interface ModuleSignature {
    /**
     * A signature in good form. The words are those that modinfo(8) uses.
     *
     * @param form {@code sig_id}: {@code PKCS#7}, or {@code X509} and {@code PGP} of kernels before 4.3
     * @param signer the common name in the issuer of the signing certificate; empty where the signature has none. Any
     *     characters
     * @param key {@code sig_key}: the certificate's serial number, or its subject key identifier, in upper-case
     *     hexadecimal with colons
     * @param hashAlgorithm {@code sig_hashalgo}: {@code sha256} and the like
     */
    record Signed(String form, String signer, String key, String hashAlgorithm) implements ModuleSignature {}

    /**
     * The trailer of a signature is there, but not what belongs before it.
     *
     * @param reason what is wrong, in words
     */
    record Malformed(String reason) implements ModuleSignature {}
}
