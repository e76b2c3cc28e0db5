// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.source;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** A kernel's configuration, the text of a {@code .config} (Documentation/kbuild/kconfig.rst). */
public final class KernelConfig {
    private static final String PREFIX = "CONFIG_";

    /** What says with which tools, and by whom, a kernel was built, and nothing of what it is. */
    private static final Set<String> OF_THE_BUILD = Set.of(
            "BUILD_SALT",
            "SYSTEM_TRUSTED_KEYS",
            "SYSTEM_REVOCATION_KEYS",
            "LOCALVERSION",
            "OPENSSL_SUPPORTS_ML_DSA",
            "RUST_IS_AVAILABLE");

    /** With these, a function that is compiled again is another one, or structures are laid out in another order. */
    private static final Map<String, String> NOT_PATCHABLE = Map.of(
            "LTO_CLANG", "the kernel is optimised as a whole (LTO)",
            "LTO_GCC", "the kernel is optimised as a whole (LTO)",
            "GCC_PLUGIN_LATENT_ENTROPY", "the compiler puts random numbers into functions",
            "GCC_PLUGIN_RANDSTRUCT", "structures are laid out at random",
            "RANDSTRUCT", "structures are laid out at random");

    private final Map<String, String> values;

    private KernelConfig(Map<String, String> values) {
        this.values = values;
    }

    public static KernelConfig parse(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String line : text.lines().toList()) {
            int equals = line.indexOf('=');
            if (line.startsWith(PREFIX) && equals > 0) {
                values.put(line.substring(PREFIX.length(), equals), unquoted(line.substring(equals + 1)));
            }
        }
        return new KernelConfig(values);
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    /** The value of an option, which is named without {@code CONFIG_}; empty where it is not set. */
    public Optional<String> value(String option) {
        return Optional.ofNullable(values.get(option));
    }

    /** How many options have a value. */
    public int options() {
        return values.size();
    }

    public boolean isSet(String option) {
        return "y".equals(values.get(option));
    }

    /**
     * Refuses a kernel that cannot be patched by what is built here.
     *
     * @param source where the configuration was read
     * @throws KpatchException with all that is in the way
     */
    public void requirePatchable(String source) {
        List<String> reasons = new ArrayList<>();
        if (!isSet("X86_64")) {
            reasons.add("it is not for x86-64 (CONFIG_X86_64)");
        }
        if (!isSet("LIVEPATCH")) {
            reasons.add("the kernel has no livepatch (CONFIG_LIVEPATCH)");
        }
        NOT_PATCHABLE.keySet().stream()
                .sorted()
                .filter(this::isSet)
                .forEach(option -> reasons.add(NOT_PATCHABLE.get(option) + " (" + PREFIX + option + ")"));
        if (!reasons.isEmpty()) {
            throw new KpatchException(
                    Failure.REFUSED,
                    source + ": no patch module can be built for a kernel of this configuration: "
                            + String.join(", and ", reasons),
                    "take a kernel that is configured otherwise");
        }
    }

    /**
     * What is other in the configuration that kbuild made of this one, because the tools here are not those it was made
     * with: {@code CONFIG_X=y is not set}. Structures may be other ones then.
     */
    public List<String> changedIn(KernelConfig made) {
        List<String> changed = new ArrayList<>();
        values.forEach((option, value) -> {
            String now = made.values.get(option);
            if (!Objects.equals(value, now) && isOfTheKernel(option)) {
                changed.add(PREFIX + option + "=" + value + " is " + (now == null ? "not set" : now));
            }
        });
        return changed;
    }

    private static boolean isOfTheKernel(String option) {
        return !option.endsWith("_VERSION")
                && !option.endsWith("_VERSION_TEXT")
                && !option.startsWith("MODULE_SIG_")
                && !option.startsWith("RUSTC_")
                && !OF_THE_BUILD.contains(option);
    }
}
