// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.symbols;

import java.nio.ByteBuffer;

/** Reads the names in a kernel's own table of symbols. */
final class KernelTableReader {
    /** Names have been bounded to 512 bytes since Linux 6.1 (KSYM_NAME_LEN). */
    private static final int LONGEST_NAME = 1024;

    private final KernelTables tables;
    private final ByteBuffer image;
    private final byte[] expanded = new byte[LONGEST_NAME];

    private KernelTableReader(KernelTables tables) {
        this.tables = tables;
        this.image = tables.image();
    }

    /** The symbols of an unpacked kernel, in the order of its table. */
    static SymbolList read(byte[] kernel) throws NoSymbolsException {
        KernelTables tables = KernelTables.find(kernel);
        return new KernelTableReader(tables).read(new KernelAddresses(tables).read());
    }

    private SymbolList read(long[] addresses) throws NoSymbolsException {
        SymbolList.Builder symbols = new SymbolList.Builder();
        int at = tables.names();
        for (long address : addresses) {
            int content = tables.contentOf(at);
            int length = tables.lengthAt(at);
            add(symbols, expand(content, length), address);
            at = content + length;
        }
        return symbols.build();
    }

    /** The first character is the type. */
    private void add(SymbolList.Builder symbols, int length, long address) {
        int flags = SymbolType.flags((char) expanded[0]);
        System.arraycopy(expanded, 1, expanded, 0, length - 1);
        symbols.add(expanded, length - 1, address, flags, SymbolList.NO_FILE);
    }

    private int expand(int content, int count) throws NoSymbolsException {
        int length = 0;
        for (int i = 0; i < count; i++) {
            int token = tables.token(image.get(content + i));
            for (byte character = image.get(token); character != 0; character = image.get(++token)) {
                if (length == expanded.length) {
                    throw new NoSymbolsException("has a table of symbols with a name longer than any can be");
                }
                expanded[length++] = character;
            }
        }
        return length;
    }
}
