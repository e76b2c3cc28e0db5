// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff.x86;

import java.util.Optional;

/**
 * What one instruction looks like in memory: enough to walk through code and to tell where an operand ends (Intel SDM
 * volume 2, chapter 2 "Instruction Format" and appendix A "Opcode Map"), in 64-bit mode.
 *
 * @param at where it begins
 * @param length in bytes, prefixes and all
 * @param map 1 for one-byte opcodes, 2 for those behind 0F, 3 behind 0F 38, 4 behind 0F 3A; VEX and EVEX maps likewise
 * @param opcode its last opcode byte
 * @param immediate the bytes of its immediate operand, which stands at its end; a branch's distance is one, too
 * @param relative where the distance of an operand in memory from the end of the instruction stands, -1 if there is none
 */
record Instruction(int at, int length, int map, int opcode, int immediate, int relative) {
    private static final int LONGEST = 15;

    int end() {
        return at + length;
    }

    /** Where the immediate operand begins. */
    int immediateAt() {
        return end() - immediate;
    }

    /** A jump or call by a distance in the instruction itself. */
    boolean isBranch() {
        return (map == 1 && (opcode == 0xe8 || opcode == 0xe9 || opcode == 0xeb || opcode >>> 4 == 7 || isLoop()))
                || (map == 2 && opcode >>> 4 == 8);
    }

    private boolean isLoop() {
        return opcode >= 0xe0 && opcode <= 0xe3;
    }

    /** Which argument of a function it makes a constant of (x86-64 psABI, 3.2.3), such as 2 for {@code mov $imm32, %esi}. */
    int argument() {
        if (map != 1 || length != 5) {
            return 0;
        }
        return switch (opcode) {
            case 0xbf -> 1;
            case 0xbe -> 2;
            case 0xba -> 3;
            case 0xb9 -> 4;
            default -> 0;
        };
    }

    /** The instruction at an offset; nothing where the bytes are none, or not complete. */
    static Optional<Instruction> decode(byte[] code, int at) {
        return new Decoder(code, at).decode();
    }

    private static final class Decoder {
        private final byte[] code;
        private final int start;
        private final int limit;
        private int at;
        private boolean operand16;
        private boolean address32;
        private boolean wide;
        private int relative = -1;

        Decoder(byte[] code, int at) {
            this.code = code;
            this.start = at;
            this.at = at;
            this.limit = Math.min(code.length, at + LONGEST);
        }

        Optional<Instruction> decode() {
            prefixes();
            int opcode = next();
            if (opcode == 0xc5) {
                return vex(2, 1);
            } else if (opcode == 0xc4) {
                return vex(3, peek(0) & 0x1f);
            } else if (opcode == 0x62) {
                return vex(4, peek(0) & 0x7);
            } else if (opcode == 0x0f) {
                return escaped(next());
            }
            return oneByte(opcode);
        }

        private void prefixes() {
            while (true) {
                switch (peek(0)) {
                    case 0x66 -> operand16 = true;
                    case 0x67 -> address32 = true;
                    case 0xf0, 0xf2, 0xf3, 0x2e, 0x36, 0x3e, 0x26, 0x64, 0x65 -> {}
                    default -> {
                        rex();
                        return;
                    }
                }
                at++;
            }
        }

        private void rex() {
            if (peek(0) >>> 4 == 4) {
                wide = (next() & 8) != 0;
            }
        }

        /** @param length of the prefix, whose first byte was read */
        private Optional<Instruction> vex(int length, int vexMap) {
            at += length - 1;
            int opcode = next();
            int map = vexMap + 1;
            boolean plain = map == 2 && opcode == 0x77;
            int immediate = map == 4 ? 1 : map == 2 ? immediateOf0f(opcode) : 0;
            return finish(map, opcode, !plain, immediate);
        }

        private Optional<Instruction> escaped(int opcode) {
            if (opcode == 0x38) {
                return finish(3, next(), true, 0);
            } else if (opcode == 0x3a) {
                return finish(4, next(), true, 1);
            }
            int immediate = opcode >>> 4 == 8 ? 4 : immediateOf0f(opcode);
            return finish(2, opcode, hasModrm0f(opcode), immediate);
        }

        private static boolean hasModrm0f(int opcode) {
            return switch (opcode >>> 3) {
                case 0x80 >>> 3, 0x88 >>> 3, 0xc8 >>> 3, 0x30 >>> 3 -> false;
                case 0 -> opcode < 5;
                case 0x08 >>> 3 -> opcode == 0x0d || opcode == 0x0f || opcode == 0x0a || opcode == 0x0c;
                case 0xa0 >>> 3 -> opcode > 0xa2;
                case 0xa8 >>> 3 -> opcode > 0xaa;
                default -> opcode != 0x77;
            };
        }

        private static int immediateOf0f(int opcode) {
            return switch (opcode) {
                case 0x0f, 0x70, 0x71, 0x72, 0x73, 0xa4, 0xac, 0xba, 0xc2, 0xc4, 0xc5, 0xc6 -> 1;
                default -> 0;
            };
        }

        private Optional<Instruction> oneByte(int opcode) {
            int word = operand16 ? 2 : 4;
            if (opcode < 0x40) {
                int low = opcode & 7;
                return finish(1, opcode, low < 4, low == 4 ? 1 : low == 5 ? word : 0);
            }
            boolean test = (opcode == 0xf6 || opcode == 0xf7) && (peek(0) >>> 3 & 7) < 2;
            int immediate = switch (opcode) {
                case 0x6a, 0x6b, 0x80, 0x82, 0x83, 0xa8, 0xc0, 0xc1, 0xc6, 0xcd, 0xeb -> 1;
                case 0x68, 0x69, 0x81, 0xa9, 0xc7 -> word;
                case 0xc2, 0xca -> 2;
                case 0xc8 -> 3;
                case 0xe8, 0xe9 -> 4;
                case 0xf6 -> test ? 1 : 0;
                case 0xf7 -> test ? word : 0;
                case 0xa0, 0xa1, 0xa2, 0xa3 -> address32 ? 4 : 8;
                default -> immediateByRow(opcode, word);
            };
            return finish(1, opcode, hasModrm(opcode), immediate);
        }

        private int immediateByRow(int opcode, int word) {
            if (opcode >>> 4 == 7 || opcode >>> 3 == 0xb0 >>> 3 || opcode >>> 3 == 0xe0 >>> 3) {
                return 1;
            }
            return opcode >>> 3 == 0xb8 >>> 3 ? wide ? 8 : word : 0;
        }

        private static boolean hasModrm(int opcode) {
            return opcode == 0x63
                    || opcode == 0x69
                    || opcode == 0x6b
                    || opcode >>> 4 == 8
                    || opcode == 0xc0
                    || opcode == 0xc1
                    || opcode == 0xc6
                    || opcode == 0xc7
                    || (opcode >= 0xd0 && opcode <= 0xd3)
                    || (opcode >= 0xd8 && opcode <= 0xdf)
                    || opcode == 0xf6
                    || opcode == 0xf7
                    || opcode >= 0xfe;
        }

        private Optional<Instruction> finish(int map, int opcode, boolean modrm, int immediate) {
            if (modrm) {
                address(next());
            }
            at += immediate;
            return at > limit
                    ? Optional.empty()
                    : Optional.of(new Instruction(start, at - start, map, opcode, immediate, relative));
        }

        /** Skips the SIB byte and the displacement that a ModRM byte asks for. */
        private void address(int modrm) {
            int mod = modrm >>> 6;
            int rm = modrm & 7;
            if (mod == 3) {
                return;
            }
            if (mod == 0 && rm == 5) {
                relative = at;
            }
            int base = rm;
            if (rm == 4) {
                base = next() & 7;
            }
            at += mod == 1 ? 1 : mod == 2 || base == 5 ? 4 : 0;
        }

        private int next() {
            int value = peek(0);
            at++;
            return value;
        }

        /** Behind the end come zeros; that they are not there, {@link #finish} finds. */
        private int peek(int ahead) {
            return at + ahead < limit ? Byte.toUnsignedInt(code[at + ahead]) : 0;
        }
    }
}
