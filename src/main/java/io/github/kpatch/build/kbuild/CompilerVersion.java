// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.kbuild;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The whole version of a compiler, with that of its package, as it prints it itself and as kernels say with what they
 * were built: {@code (Debian 12.2.0-14+deb12u1) 12.2.0}. By which name it was called is no part of it.
 */
public record CompilerVersion(String text) {
    /** "GCC:" is how the section .comment begins, and a kernel's banner ends with the linker. */
    private static final Pattern PROGRAM = Pattern.compile("^(?:GCC:|[^ ]*(?:gcc|cc)(?:-[0-9.]+)?) +(?=\\()");

    private static final Pattern LINKER = Pattern.compile(", (?:GNU ld|GNU gold|[A-Za-z ]*LLD) .*$");
    private static final Pattern DEBIAN = Pattern.compile("\\((?:Debian|Ubuntu) ([^)]+)\\) ([0-9]+)[.].*");
    private static final Pattern RED_HAT = Pattern.compile("\\(GCC\\) .*\\(Red Hat ([^)]+)\\).*");
    private static final Pattern DEFINITION = Pattern.compile("(?m)^#define LINUX_COMPILER \"(.*)\"");

    /** @param line the first line of what a compiler says of itself, or what a kernel says of it */
    static CompilerVersion of(String line) {
        String text = LINKER.matcher(line.strip()).replaceFirst("");
        return new CompilerVersion(PROGRAM.matcher(text).replaceFirst(""));
    }

    /** That in {@code Linux version RELEASE (BUILDER) (COMPILER, LINKER) #1 ...}. */
    static Optional<CompilerVersion> ofBanner(String banner) {
        int first = banner.indexOf(" (");
        int start = first < 0 ? -1 : banner.indexOf(") (", first);
        if (start < 0) {
            return Optional.empty();
        }
        int depth = 0;
        for (int i = start + 2; i < banner.length(); i++) {
            char c = banner.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth == 0) {
                return Optional.of(of(banner.substring(start + 3, i)));
            }
        }
        return Optional.empty();
    }

    /** That in include/generated/compile.h. */
    static Optional<CompilerVersion> ofHeader(String text) {
        Matcher matcher = DEFINITION.matcher(text);
        return matcher.find() ? Optional.of(of(matcher.group(1))) : Optional.empty();
    }

    /** The first of the strings in a section {@code .comment}: the others are those of assembler files and libraries. */
    static Optional<CompilerVersion> ofComment(String strings) {
        return strings.lines()
                .flatMap(line -> java.util.Arrays.stream(line.split("\0")))
                .filter(string -> !string.isBlank())
                .findFirst()
                .map(CompilerVersion::of);
    }

    /** What to install to have it, where its distribution is known by the version. */
    String advice() {
        Matcher debian = DEBIAN.matcher(text);
        if (debian.matches()) {
            return "install gcc-" + debian.group(2) + "=" + debian.group(1);
        }
        Matcher redHat = RED_HAT.matcher(text);
        return redHat.matches() ? "install gcc-" + redHat.group(1) : "install that compiler";
    }
}
