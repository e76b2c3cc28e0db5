// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Builds what an unpacked kernel has of its own table of symbols, and the bzImage around it. */
public final class KernelBuilder {
    /** How kernels have laid the table out. */
    public enum Layout {
        /** Until 6.3. */
        OFFSETS_FIRST,
        /** Until 6.3, on x86-64. */
        OFFSETS_FIRST_PER_CPU_ABSOLUTE,
        /** Until 6.3, without CONFIG_KALLSYMS_BASE_RELATIVE. */
        ADDRESSES_FIRST,
        /** Since 6.4. */
        OFFSETS_LAST,
        /** Since 6.4, on x86-64 until 6.14. */
        OFFSETS_LAST_PER_CPU_ABSOLUTE,
        /** Since 7.0. */
        OFFSETS_RELATIVE_TO_THEIR_PLACE
    }

    private record Symbol(char type, String name, long address) {}

    private static final long BASE = 0xffffffff81000000L;
    private static final int TOKENS = 256;

    private final Layout layout;
    private final List<Symbol> symbols = new ArrayList<>();
    private final ByteArrayOutputStream image = new ByteArrayOutputStream();
    private final int alignment;
    private String banner = "Linux version 6.1.0-9-amd64 (builder@host) (gcc-12 (Debian 12.2.0-14) 12.2.0,"
            + " GNU ld (GNU Binutils for Debian) 2.40) #1 SMP Debian 6.1.9-1 (2026-11-16)";

    public KernelBuilder(Layout layout) {
        this.layout = layout;
        this.alignment = layout == Layout.OFFSETS_RELATIVE_TO_THEIR_PLACE ? 4 : 8;
    }

    public KernelBuilder banner(String text) {
        this.banner = text;
        return this;
    }

    /** Adds a symbol, 16 bytes behind the one before it. */
    public KernelBuilder symbol(char type, String name) {
        return symbol(type, name, BASE + 16L * symbols.size());
    }

    public KernelBuilder symbol(char type, String name, long address) {
        symbols.add(new Symbol(type, name, address));
        return this;
    }

    /** Adds as many symbols as it takes for the table to be big enough to be one. */
    public KernelBuilder filled() {
        for (int i = 0; i < 1100; i++) {
            symbol('t', "filler_" + i);
        }
        return this;
    }

    /** The kernel, unpacked. */
    public byte[] bytes() {
        image.reset();
        image.writeBytes(new byte[4096]);
        image.writeBytes((banner.replace("#1 ", "# ") + "\n\0" + banner + "\n\0%s version %s\0")
                .getBytes(StandardCharsets.US_ASCII));
        // what a kernel has of digits elsewhere
        image.writeBytes("\0000\0001\0002\0003\0004\0005\0006\0007\0008\0009\0".getBytes(StandardCharsets.US_ASCII));
        boolean first = layout.name().contains("FIRST");
        if (first) {
            addresses();
        }
        names();
        if (first) {
            part(new byte[3 * symbols.size()]); // in which order the names are
        }
        tokens();
        if (!first) {
            addresses();
            part(new byte[3 * symbols.size()]);
        }
        image.writeBytes(new byte[4096]);
        return image.toByteArray();
    }

    private void addresses() {
        boolean whole = layout == Layout.ADDRESSES_FIRST;
        boolean perCpu = layout.name().endsWith("PER_CPU_ABSOLUTE");
        align();
        int start = image.size();
        byte[] content = new byte[(whole ? 8 : 4) * symbols.size()];
        ByteBuffer encoded = little(content);
        for (Symbol symbol : symbols) {
            long address = symbol.address();
            switch (layout) {
                case ADDRESSES_FIRST -> encoded.putLong(address);
                case OFFSETS_RELATIVE_TO_THEIR_PLACE ->
                    encoded.putInt((int) (address - (BASE + start + encoded.position())));
                default ->
                    encoded.putInt((int) (!perCpu ? address - BASE : address >= 0 ? address : BASE - 1 - address));
            }
        }
        part(content);
        if (layout != Layout.ADDRESSES_FIRST && alignment == 8) {
            part(words(8, BASE));
        }
    }

    private void names() {
        part(words(4, symbols.size()));
        ByteArrayOutputStream names = new ByteArrayOutputStream();
        List<Integer> markers = new ArrayList<>();
        for (int i = 0; i < symbols.size(); i++) {
            if (i % 256 == 0) {
                markers.add(names.size());
            }
            byte[] packed = (symbols.get(i).type() + symbols.get(i).name())
                    .replace("filler_", "\001")
                    .getBytes(StandardCharsets.ISO_8859_1);
            if (packed.length > 0x7f) {
                names.write((packed.length & 0x7f) | 0x80);
                names.write(packed.length >> 7);
            } else {
                names.write(packed.length);
            }
            names.writeBytes(packed);
        }
        part(names.toByteArray());
        byte[] content = new byte[4 * markers.size()];
        markers.forEach(little(content)::putInt);
        part(content);
    }

    /** Token 1 is what the fillers have in common; characters are tokens of their own. */
    private void tokens() {
        ByteArrayOutputStream tokens = new ByteArrayOutputStream();
        byte[] content = new byte[2 * TOKENS];
        ByteBuffer offsets = little(content);
        for (int i = 0; i < TOKENS; i++) {
            offsets.putShort((short) tokens.size());
            String token = i == 1 ? "filler_" : i > ' ' && i < 0x7f ? String.valueOf((char) i) : "unused" + i;
            tokens.writeBytes((token + "\0").getBytes(StandardCharsets.US_ASCII));
        }
        part(tokens.toByteArray());
        part(content);
    }

    private void part(byte[] content) {
        align();
        image.writeBytes(content);
    }

    private void align() {
        while (image.size() % alignment != 0) {
            image.write(0);
        }
    }

    /** A bzImage with a payload, behind which the kernel's build puts how big it is unpacked, unless gzip did. */
    public static byte[] bootImage(byte[] payload, int unpackedSize, boolean sizeIsInIt) {
        int setup = 2 * 512;
        int length = payload.length + (sizeIsInIt ? 0 : 4);
        byte[] image = new byte[setup + 64 + length + 100];
        ByteBuffer file = little(image);
        file.put(0x1f1, (byte) 1).putInt(0x202, 0x53726448).putShort(0x206, (short) 0x20f);
        file.putInt(0x248, 64).putInt(0x24c, length);
        file.put(setup + 64, payload);
        if (!sizeIsInIt) {
            file.putInt(setup + 64 + payload.length, unpackedSize);
        }
        return image;
    }

    private static byte[] words(int size, long number) {
        return Arrays.copyOf(
                ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(number)
                        .array(),
                size);
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
