// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.symbols;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * How a kernel calls itself when it boots and in /proc/version: {@code Linux version RELEASE (BUILDER) (COMPILER, LINKER)
 * VERSION} (proc(5)).
 *
 * @param text all of it, without a line end
 */
public record Banner(String text) {
    private static final String START = "Linux version ";
    private static final int LONGEST = 1024;

    /**
     * The banner in an unpacked kernel. There is a template of it, too, which has no number, and one that was there
     * before the number of the build ({@code #1}) was known.
     */
    static Optional<Banner> in(byte[] kernel) {
        byte[] start = START.getBytes(StandardCharsets.US_ASCII);
        Optional<Banner> unnumbered = Optional.empty();
        for (int i = 0; i < kernel.length - start.length; i++) {
            if (kernel[i] == start[0] && begins(kernel, i, start) && Character.isDigit(kernel[i + start.length])) {
                Banner banner = new Banner(line(kernel, i));
                if (banner.version().isPresent()) {
                    return Optional.of(banner);
                }
                unnumbered = unnumbered.isPresent() ? unnumbered : Optional.of(banner);
            }
        }
        return unnumbered;
    }

    private static String line(byte[] kernel, int start) {
        int end = start;
        while (end < kernel.length && end < start + LONGEST && kernel[end] >= ' ') {
            end++;
        }
        return new String(kernel, start, end - start, StandardCharsets.ISO_8859_1);
    }

    private static boolean begins(byte[] bytes, int at, byte[] start) {
        for (int i = 1; i < start.length; i++) {
            if (bytes[at + i] != start[i]) {
                return false;
            }
        }
        return true;
    }

    /** The kernel's release, as {@code uname -r} has it. */
    public String release() {
        int start = Math.min(START.length(), text.length());
        int end = text.indexOf(' ', start);
        return text.substring(start, end < 0 ? text.length() : end);
    }

    /** What tells this build from others of the release, as {@code uname -v} has it; empty where it has no number. */
    public Optional<String> version() {
        int start = text.lastIndexOf(") #");
        boolean numbered = start >= 0 && start + 3 < text.length() && Character.isDigit(text.charAt(start + 3));
        return numbered ? Optional.of(text.substring(start + 2)) : Optional.empty();
    }

    /**
     * The compiler, as the first line of its {@code --version} has it (CONFIG_CC_VERSION_TEXT), such as {@code gcc-12
     * (Debian 12.2.0-14+deb12u1) 12.2.0}; empty where there is none to be seen.
     */
    public Optional<String> compiler() {
        int start = text.indexOf(") (");
        if (start < 0) {
            return Optional.empty();
        }
        int depth = 1;
        int comma = -1;
        for (int i = start + 3; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth == 0) {
                return Optional.of(text.substring(start + 3, comma < 0 ? i : comma));
            }
            comma = depth == 1 && c == ',' ? i : comma;
        }
        return Optional.empty();
    }
}
