// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The few things of a PKCS#7 signature that people ask for (RFC 2315; RFC 5652 for the key identifier).
 *
 * <pre>{@code
 * ContentInfo ::= SEQUENCE { contentType OID, [0] SignedData }
 * SignedData  ::= SEQUENCE { version, digestAlgorithms SET, contentInfo SEQUENCE, [0] certificates OPTIONAL,
 *                            [1] crls OPTIONAL, signerInfos SET OF SignerInfo }
 * SignerInfo  ::= SEQUENCE { version, SEQUENCE { issuer Name, serialNumber } or [0] subjectKeyIdentifier,
 *                            digestAlgorithm SEQUENCE { OID, ... }, ... }
 * Name        ::= SEQUENCE OF SET OF SEQUENCE { type OID, value }
 * }</pre>
 */
final class Pkcs7 {
    private static final String COMMON_NAME = "55:04:03";
    private static final int BMP_STRING = 0x1e;

    /** Serial numbers have at most 20 bytes, key identifiers as many as the longest hash (RFC 5280). */
    private static final int MAX_KEY = 64;

    private static final int MAX_NAME = 1024;

    private Pkcs7() {}

    static ModuleSignature read(byte[] bytes, int start, int end) {
        Optional<DerElement> signer = signerInfo(DerElement.at(bytes, start, end));
        Optional<DerElement> id = next(inside(signer, DerElement.SEQUENCE), DerElement.INTEGER);
        Optional<DerElement> oid = inside(next(id), DerElement.SEQUENCE);
        if (id.isEmpty() || oid.isEmpty() || !oid.get().is(DerElement.OID)) {
            return new ModuleSignature.Malformed("it is not a PKCS#7 signature");
        }
        boolean bySubject = id.get().is(DerElement.CONTEXT_0_PRIMITIVE);
        Optional<DerElement> issuer = inside(id, DerElement.SEQUENCE);
        Optional<DerElement> key = bySubject ? id : next(id.get().first(), DerElement.SEQUENCE);
        if (key.isEmpty()
                || key.get().length() > MAX_KEY
                || !(bySubject || key.get().is(DerElement.INTEGER))) {
            return new ModuleSignature.Malformed("it does not say which key made it");
        }
        String name = bySubject || issuer.isEmpty() ? "" : commonName(id.get().first());
        return new ModuleSignature.Signed("PKCS#7", name, withoutSign(key.get()).hex(), hashName(oid.get()));
    }

    private static Optional<DerElement> signerInfo(Optional<DerElement> contentInfo) {
        Optional<DerElement> type = inside(contentInfo, DerElement.SEQUENCE);
        Optional<DerElement> signedData = inside(next(type, DerElement.OID), DerElement.CONTEXT_0);
        Optional<DerElement> version = inside(signedData, DerElement.SEQUENCE);
        Optional<DerElement> digests = next(version, DerElement.INTEGER);
        Optional<DerElement> element = next(next(digests, DerElement.SET), DerElement.SEQUENCE);
        while (element.isPresent() && !element.get().is(DerElement.SET)) {
            element = element.get().next();
        }
        return inside(element, DerElement.SET);
    }

    /** The first element inside one that has to be of a certain kind. */
    private static Optional<DerElement> inside(Optional<DerElement> element, int tag) {
        return element.isPresent() && element.get().is(tag) ? element.get().first() : Optional.empty();
    }

    /** The element behind one that has to be of a certain kind. */
    private static Optional<DerElement> next(Optional<DerElement> element, int tag) {
        return element.isPresent() && element.get().is(tag) ? element.get().next() : Optional.empty();
    }

    private static Optional<DerElement> next(Optional<DerElement> element) {
        return element.isPresent() ? element.get().next() : Optional.empty();
    }

    private static String commonName(Optional<DerElement> name) {
        Optional<DerElement> set = inside(name, DerElement.SEQUENCE);
        while (set.isPresent()) {
            Optional<DerElement> attribute = inside(set, DerElement.SET);
            while (attribute.isPresent()) {
                Optional<DerElement> type = inside(attribute, DerElement.SEQUENCE);
                Optional<DerElement> value = next(type, DerElement.OID);
                if (value.isPresent()
                        && value.get().length() <= MAX_NAME
                        && type.orElseThrow().length() == 3
                        && type.orElseThrow().hex().equals(COMMON_NAME)) {
                    return text(value.get());
                }
                attribute = attribute.get().next();
            }
            set = set.get().next();
        }
        return "";
    }

    private static String text(DerElement value) {
        return new String(
                value.bytes(),
                value.start(),
                value.length(),
                value.is(BMP_STRING) ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_8);
    }

    /** A positive number whose first bit is set has a zero byte before it, which belongs to the encoding. */
    private static DerElement withoutSign(DerElement number) {
        boolean padded = number.is(DerElement.INTEGER) && number.length() > 1 && number.bytes()[number.start()] == 0;
        return padded
                ? new DerElement(number.bytes(), number.tag(), number.start() + 1, number.end(), number.limit())
                : number;
    }

    private static String hashName(DerElement oid) {
        if (oid.length() > MAX_KEY) {
            return "unknown";
        }
        return switch (oid.hex()) {
            case "2A:86:48:86:F7:0D:02:04" -> "md4";
            case "2A:86:48:86:F7:0D:02:05" -> "md5";
            case "2B:0E:03:02:1A" -> "sha1";
            case "60:86:48:01:65:03:04:02:01" -> "sha256";
            case "60:86:48:01:65:03:04:02:02" -> "sha384";
            case "60:86:48:01:65:03:04:02:03" -> "sha512";
            case "60:86:48:01:65:03:04:02:04" -> "sha224";
            case "60:86:48:01:65:03:04:02:08" -> "sha3-256";
            case "60:86:48:01:65:03:04:02:09" -> "sha3-384";
            case "60:86:48:01:65:03:04:02:0A" -> "sha3-512";
            case "2A:81:1C:CF:55:01:83:11" -> "sm3";
            default -> "unknown";
        };
    }
}
