// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.kbuild;

import io.github.kpatch.build.source.Disk;
import io.github.kpatch.build.source.KernelConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * What answers for programs that a kernel was built with and a patch module is not: kbuild only asks them for their
 * versions, and without an answer would configure another kernel. Without pahole that would be one without
 * CONFIG_DEBUG_INFO_BTF, which has its fields in struct module; without Rust's compiler one without CONFIG_RUST, on
 * which code in C depends.
 *
 * @param home the directory of ours that they are in
 * @param config that of the kernel, which has the versions
 */
record StandIns(Path home, KernelConfig config) {

    /** New enough for the kernels (before 6.12) that do not note which one they were built with. */
    private static final int ANY_LLVM = 170006;

    /** The variables by which kbuild is told of them. */
    List<String> variables() {
        List<String> variables = new ArrayList<>();
        if (paholeVersion() > 0) {
            variables.add("PAHOLE=" + program("pahole"));
        }
        if (config.isSet("RUST")) {
            variables.add("RUSTC=" + program("rustc"));
            variables.add("BINDGEN=" + program("bindgen"));
            variables.add("CONFIG_RUST="); // for the makefiles, which would compile what is in Rust; C code has it set
        }
        return variables;
    }

    /** Puts them into their places. */
    void write() {
        write("pahole", "echo v" + paholeVersion() / 100 + "." + paholeVersion() % 100);
        if (config.isSet("RUST")) {
            Disk.write(home.resolve("rust/lib/rustlib/src/rust/library/core/src/lib.rs"), "");
            write("rustc", rustc());
            write("bindgen", bindgen());
        }
    }

    private void write(String name, String script) {
        Disk.write(program(name), "#!/bin/sh\n" + script + "\n");
        Disk.with(
                program(name),
                "cannot be made a program",
                () -> Files.setPosixFilePermissions(program(name), PosixFilePermissions.fromString("rwxr-xr-x")));
    }

    private Path program(String name) {
        return home.resolve(name);
    }

    /** That of the pahole that the kernel was configured with, 124 for 1.24; 0 for none. */
    private int paholeVersion() {
        return number("PAHOLE_VERSION");
    }

    /** What the kernel's scripts/rust_is_available.sh, rustc-version.sh and rustc-llvm-version.sh ask for. */
    private String rustc() {
        return """
                case "$*" in
                *--version*--verbose*) echo 'LLVM version: %s' ;;
                *--version*) echo %s ;;
                *--print*sysroot*) echo %s ;;
                *) exit 1 ;;
                esac""".formatted(
                        llvm(),
                        quoted(text("RUSTC_VERSION_TEXT")),
                        quoted(program("rust").toString()));
    }

    /** What it says of a header is with which libclang it reads that; that of the same version as rustc's LLVM will do. */
    private String bindgen() {
        return """
                case "$1" in
                --version) echo %s ;;
                *) echo 'clang version %s' >&2 ;;
                esac""".formatted(quoted(text("BINDGEN_VERSION_TEXT")), llvm());
    }

    /** 190107 for 19.1.7. */
    private String llvm() {
        int version = number("RUSTC_LLVM_VERSION") == 0 ? ANY_LLVM : number("RUSTC_LLVM_VERSION");
        return version / 10000 + "." + version / 100 % 100 + "." + version % 100;
    }

    private int number(String option) {
        String value = config.value(option).orElse("0");
        return value.matches("[0-9]{1,6}") ? Integer.parseInt(value) : 0;
    }

    private String text(String option) {
        return config.value(option).orElse("");
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
