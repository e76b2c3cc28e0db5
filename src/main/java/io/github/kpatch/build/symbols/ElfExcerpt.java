// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.symbols;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.util.Set;

/**
 * An ELF file without most of its sections: a kernel with all its debug information has a gigabyte, of which a few
 * megabytes are its symbols.
 */
final class ElfExcerpt {
    private static final int FILE_HEADER = 64;
    private static final int SECTION_HEADER = 64;
    private static final int SECTIONS_AT = 40;
    private static final int COUNT_AT = 60;
    private static final int NAMES_AT = 62;
    private static final int TYPE = 4;
    private static final int OFFSET = 24;
    private static final int SIZE = 32;
    private static final int NOBITS = 8;
    private static final int BIG_ENDIAN = 2;

    private final SeekableByteChannel file;
    private final ByteOrder order;
    private long room = Runtime.getRuntime().maxMemory() / 4;

    private ElfExcerpt(SeekableByteChannel file, ByteOrder order) {
        this.file = file;
        this.order = order;
    }

    /** The file with those of its sections that have one of some names, and the table of names; the others have no content. */
    static byte[] read(SeekableByteChannel file, Set<String> kept) throws IOException, NoSymbolsException {
        ByteBuffer identity = new ElfExcerpt(file, ByteOrder.BIG_ENDIAN).bytes(0, FILE_HEADER);
        boolean big = identity.get(5) == BIG_ENDIAN;
        return new ElfExcerpt(file, big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN).read(kept);
    }

    private byte[] read(Set<String> kept) throws IOException, NoSymbolsException {
        ByteBuffer header = bytes(0, FILE_HEADER);
        int count = Short.toUnsignedInt(header.getShort(COUNT_AT));
        int names = Short.toUnsignedInt(header.getShort(NAMES_AT));
        if (count == 0 || names >= count) {
            throw new NoSymbolsException("is an ELF file without sections");
        }
        ByteBuffer sections = bytes(header.getLong(SECTIONS_AT), (long) count * SECTION_HEADER);
        ByteBuffer nameTable = content(sections, names);
        ByteBuffer[] contents = new ByteBuffer[count];
        int length = FILE_HEADER + sections.limit();
        for (int i = 0; i < count; i++) {
            boolean keep = i == names || kept.contains(name(nameTable, sections.getInt(i * SECTION_HEADER)));
            contents[i] = keep ? content(sections, i) : ByteBuffer.allocate(0);
            length = Math.addExact(length, contents[i].limit() + Long.BYTES);
        }
        header.putLong(SECTIONS_AT, FILE_HEADER);
        ByteBuffer excerpt = ByteBuffer.allocate(length).order(order).put(header);
        excerpt.position(FILE_HEADER + sections.limit());
        for (int i = 0; i < count; i++) {
            excerpt.position(excerpt.position() + Long.BYTES - 1 & -Long.BYTES);
            sections.putLong(i * SECTION_HEADER + OFFSET, excerpt.position());
            sections.putLong(i * SECTION_HEADER + SIZE, contents[i].limit());
            excerpt.put(contents[i]);
        }
        return excerpt.put(FILE_HEADER, sections, 0, sections.limit()).array();
    }

    private ByteBuffer content(ByteBuffer sections, int index) throws IOException, NoSymbolsException {
        int at = index * SECTION_HEADER;
        boolean none = index == 0 || sections.getInt(at + TYPE) == NOBITS;
        return none ? ByteBuffer.allocate(0) : bytes(sections.getLong(at + OFFSET), sections.getLong(at + SIZE));
    }

    private static String name(ByteBuffer names, int at) {
        StringBuilder name = new StringBuilder();
        for (int i = at; i >= 0 && i < names.limit() && names.get(i) != 0; i++) {
            name.append((char) names.get(i));
        }
        return name.toString();
    }

    private ByteBuffer bytes(long offset, long length) throws IOException, NoSymbolsException {
        if (offset < 0 || length < 0 || offset > file.size() - length) {
            throw new NoSymbolsException("is truncated or corrupt: a part of it is beyond its end");
        }
        room -= length;
        if (room < 0) {
            throw new NoSymbolsException("has more symbols than there is memory for");
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) length).order(order);
        file.position(offset);
        while (bytes.hasRemaining() && file.read(bytes) >= 0) {}
        if (bytes.hasRemaining()) {
            throw new NoSymbolsException("was changed while it was read");
        }
        return bytes.flip();
    }
}
