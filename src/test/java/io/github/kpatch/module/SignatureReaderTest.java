// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SignatureReaderTest {
    private static final byte[] SHA256 = HexFormat.of().parseHex("0609608648016503040201");

    private static byte[] der(int tag, byte[]... parts) {
        byte[] content = join(parts);
        return join(new byte[] {(byte) tag, (byte) content.length}, content);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] pkcs7(byte[] signerId) {
        byte[] one = der(0x02, new byte[] {1});
        byte[] data = HexFormat.of().parseHex("06092a864886f70d010701");
        byte[] signedData = HexFormat.of().parseHex("06092a864886f70d010702");
        byte[] signer = der(0x30, one, signerId, der(0x30, SHA256));
        byte[] body = der(0x30, one, der(0x31, der(0x30, SHA256)), der(0x30, data), der(0x31, signer));
        return der(0x30, signedData, der(0xa0, body));
    }

    private static byte[] trailer(int idType, int signerLength, int keyLength, int signatureLength) {
        byte[] struct = new byte[12];
        struct[1] = (byte) (idType == 2 ? 0 : 4);
        struct[2] = (byte) idType;
        struct[3] = (byte) signerLength;
        struct[4] = (byte) keyLength;
        struct[11] = (byte) signatureLength;
        return join(struct, ascii("~Module signature appended~\n"));
    }

    private static byte[] byIssuer() {
        byte[] commonName = der(0x30, der(0x06, new byte[] {0x55, 4, 3}), der(0x0c, ascii("Kpatch Key")));
        return der(0x30, der(0x30, der(0x31, commonName)), der(0x02, new byte[] {0, (byte) 0xab, 0x01}));
    }

    /** What stands behind a signed module. */
    static byte[] signed() {
        byte[] signature = pkcs7(byIssuer());
        return join(signature, trailer(2, 0, 0, signature.length));
    }

    @Test
    void aPkcs7SignatureNamesItsIssuerAndSerialNumber() {
        assertEquals(
                Optional.of(new ModuleSignature.Signed("PKCS#7", "Kpatch Key", "AB:01", "sha256")),
                SignatureReader.read(signed()));
    }

    @Test
    void aKeyIdentifierTakesThePlaceOfIssuerAndSerialNumber() {
        byte[] signature = pkcs7(der(0x80, new byte[] {0, 1, (byte) 0xff}));
        assertEquals(
                Optional.of(new ModuleSignature.Signed("PKCS#7", "", "00:01:FF", "sha256")),
                SignatureReader.read(join(signature, trailer(2, 0, 0, signature.length))));
    }

    @Test
    void theFormOfOldKernelsIsRead() {
        byte[] content = join(ascii("CentOS"), new byte[] {0x1a, 0x2b}, new byte[5], trailer(1, 6, 2, 5));
        assertEquals(
                Optional.of(new ModuleSignature.Signed("X509", "CentOS", "1A:2B", "sha256")),
                SignatureReader.read(content));
    }

    @Test
    void noTrailerIsNoSignature() {
        assertEquals(Optional.empty(), SignatureReader.read(new byte[100]));
        assertEquals(Optional.empty(), SignatureReader.read(new byte[0]));
    }

    @Test
    void aSignatureLongerThanItsFileIsMalformed() {
        assertInstanceOf(
                ModuleSignature.Malformed.class,
                SignatureReader.read(trailer(2, 0, 0, 100)).orElseThrow());
        byte[] bare = ascii("~Module signature appended~\n");
        assertInstanceOf(
                ModuleSignature.Malformed.class, SignatureReader.read(bare).orElseThrow());
    }

    @Test
    void aSignatureCutShortIsMalformedAtEveryLength() {
        byte[] whole = pkcs7(byIssuer());
        for (int length = 0; length < whole.length; length++) {
            byte[] content = join(Arrays.copyOf(whole, length), trailer(2, 0, 0, length));
            assertInstanceOf(
                    ModuleSignature.Malformed.class,
                    SignatureReader.read(content).orElseThrow());
        }
    }
}
