// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Finds the signature behind a module (Documentation/admin-guide/module-signing.rst, scripts/sign-file of the kernel):
 * the signature's bytes, this structure, then the {@value #TRAILER} line.
 *
 * <pre>{@code
 * struct module_signature {
 *     u8     algo;       // 0  0 with PKCS#7
 *     u8     hash;       // 1  0 with PKCS#7
 *     u8     id_type;    // 2  0 PGP, 1 X.509, 2 PKCS#7
 *     u8     signer_len; // 3  0 with PKCS#7
 *     u8     key_id_len; // 4  0 with PKCS#7
 *     u8     __pad[3];   // 5
 *     __be32 sig_len;    // 8
 * };
 * }</pre>
 *
 * <p>Kernels before 4.3 put the signer's name and the key's identifier, bare, before the signature proper.
 */
final class SignatureReader {
    private static final String TRAILER = "~Module signature appended~\n";
    private static final int STRUCT_SIZE = 12;
    private static final int PKCS7 = 2;
    private static final String[] FORMS = {"PGP", "X509", "PKCS#7"};

    /** Named by number in the kernel's enum hash_algo, include/uapi/linux/hash_info.h. */
    private static final String[] HASHES = {"md4", "md5", "sha1", "rmd160", "sha256", "sha384", "sha512", "sha224"};

    private SignatureReader() {}

    static Optional<ModuleSignature> read(byte[] content) {
        int end = content.length - TRAILER.length();
        if (end < 0 || !new String(content, end, TRAILER.length(), StandardCharsets.ISO_8859_1).equals(TRAILER)) {
            return Optional.empty();
        }
        if (end < STRUCT_SIZE) {
            return malformed("there is nothing before its trailer");
        }
        int struct = end - STRUCT_SIZE;
        long signatureLength = Integer.toUnsignedLong(ByteBuffer.wrap(content).getInt(struct + 8));
        int idType = content[struct + 2];
        int signerLength = Byte.toUnsignedInt(content[struct + 3]);
        int keyLength = Byte.toUnsignedInt(content[struct + 4]);
        long start = struct - signatureLength - keyLength - signerLength;
        if (start < 0) {
            return malformed("it claims to be longer than the file");
        }
        if (idType < 0 || idType >= FORMS.length) {
            return malformed("it is of an unknown form");
        }
        if (idType == PKCS7) {
            return signerLength + keyLength == 0
                    ? Optional.of(Pkcs7.read(content, (int) start, struct))
                    : malformed("it has fields that a PKCS#7 signature has not");
        }
        int hash = content[struct + 1];
        int keyStart = (int) start + signerLength;
        return Optional.of(new ModuleSignature.Signed(
                FORMS[idType],
                new String(content, (int) start, signerLength, StandardCharsets.UTF_8),
                new DerElement(content, 0, keyStart, keyStart + keyLength, struct).hex(),
                hash >= 0 && hash < HASHES.length ? HASHES[hash] : "unknown"));
    }

    private static Optional<ModuleSignature> malformed(String reason) {
        return Optional.of(new ModuleSignature.Malformed(reason));
    }
}
