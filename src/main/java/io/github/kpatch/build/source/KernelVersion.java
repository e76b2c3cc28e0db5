// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.source;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The version of a kernel's sources, {@code 6.1.192}: no distribution's own number, which its release may have. */
public record KernelVersion(int version, int patchlevel, int sublevel) {
    private static final Pattern RELEASE = Pattern.compile("([0-9]+)\\.([0-9]+)(?:\\.([0-9]+))?.*", Pattern.DOTALL);

    /** That of a source tree, by the first lines of its Makefile. */
    public static Optional<KernelVersion> ofMakefile(String text) {
        return of(text, "(?m)^%s\\s*=\\s*([0-9]+)", "VERSION", "PATCHLEVEL", "SUBLEVEL");
    }

    /** That of a built kernel, by include/generated/uapi/linux/version.h of its headers. */
    public static Optional<KernelVersion> ofHeader(String text) {
        return of(
                text,
                "(?m)^#define %s ([0-9]+)",
                "LINUX_VERSION_MAJOR",
                "LINUX_VERSION_PATCHLEVEL",
                "LINUX_VERSION_SUBLEVEL");
    }

    /** That with which a release or a package's version begins; no sublevel is 0. */
    public static Optional<KernelVersion> ofRelease(String release) {
        Matcher matcher = RELEASE.matcher(release);
        return matcher.matches()
                ? Optional.of(new KernelVersion(
                        Integer.parseInt(matcher.group(1)),
                        Integer.parseInt(matcher.group(2)),
                        Integer.parseInt(Optional.ofNullable(matcher.group(3)).orElse("0"))))
                : Optional.empty();
    }

    private static Optional<KernelVersion> of(String text, String pattern, String... names) {
        int[] numbers = new int[names.length];
        for (int i = 0; i < names.length; i++) {
            Matcher matcher = Pattern.compile(pattern.formatted(names[i])).matcher(text);
            if (!matcher.find()) {
                return Optional.empty();
            }
            numbers[i] = Integer.parseInt(matcher.group(1));
        }
        return Optional.of(new KernelVersion(numbers[0], numbers[1], numbers[2]));
    }

    /** Without the sublevel, as packages are called: {@code 6.1}. */
    public String series() {
        return version + "." + patchlevel;
    }

    @Override
    public String toString() {
        return series() + "." + sublevel;
    }
}
