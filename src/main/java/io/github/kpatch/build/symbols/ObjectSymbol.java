// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.symbols;

/**
 * A symbol that an object file defines.
 *
 * @param local whether its binding is {@code STB_LOCAL}
 * @param function whether its type is {@code STT_FUNC}
 * @param size in bytes; 0 for labels
 * @param section the section that it is in, as {@code -ffunction-sections -fdata-sections} name them; empty if that is not
 *     known, which leaves more names ambiguous
 */
public record ObjectSymbol(String name, boolean local, boolean function, long size, String section) {

    /** A symbol of which the section is not known. */
    public ObjectSymbol(String name, boolean local, boolean function, long size) {
        this(name, local, function, size, "");
    }

    /**
     * The section that it would be in without {@code -ffunction-sections -fdata-sections}, which add the name to it. The
     * symbols of one object that share it lie side by side in the kernel.
     */
    String piece() {
        if (section.isEmpty()) {
            return function ? "functions" : "data";
        }
        int cut = section.length() - name.length() - 1;
        if (cut > 0 && section.endsWith("." + name)) {
            return section.substring(0, cut);
        }
        String base = SymbolName.base(name);
        int shorter = section.length() - base.length() - 1;
        return shorter > 0 && section.endsWith("." + base) ? section.substring(0, shorter) : section;
    }
}
