// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.build;

import io.github.kpatch.build.BuildRequest;
import io.github.kpatch.build.kbuild.ModuleSigner;
import io.github.kpatch.build.source.Origin;
import io.github.kpatch.cli.UsageException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/** A parsed command line as the request that it is. */
record Arguments(ParseResult parsed) {
    private static final String CVE = "CVE-[0-9]{4}-[0-9]{4,19}";

    BuildRequest request(int processors) {
        List<Path> patches = patches();
        return new BuildRequest(patches, kernel(), result(), manner(processors), outOfTree());
    }

    private List<Path> patches() {
        List<String> names = parsed.matchedPositionalValue(0, List.of());
        if (names.isEmpty()) {
            throw new UsageException("a patch is missing");
        }
        return names.stream().map(Path::of).toList();
    }

    private BuildRequest.Kernel kernel() {
        return new BuildRequest.Kernel(
                text("--archversion"), origin(), path("--config"), path("--vmlinux"), path("--symbols"));
    }

    private Origin origin() {
        Optional<Path> rpm = path("--sourcerpm");
        Optional<Path> directory = path("--sourcedir");
        if (rpm.isPresent() && directory.isPresent()) {
            throw new UsageException("--sourcerpm and --sourcedir exclude each other");
        }
        if (rpm.isPresent()) {
            return new Origin.Rpm(rpm.get());
        }
        return directory.isPresent() ? new Origin.Directory(directory.get()) : new Origin.Distribution();
    }

    private BuildRequest.Result result() {
        List<String> cves = texts("--cve");
        cves.stream().filter(cve -> !cve.matches(CVE)).findFirst().ifPresent(cve -> {
            throw new UsageException("--cve takes names such as CVE-2024-1086, and '" + cve + "' is none");
        });
        return new BuildRequest.Result(
                text("--name"),
                path("--output").orElse(Path.of("")),
                !has("--non-replace"),
                cves,
                text("--description"),
                signer());
    }

    private Optional<ModuleSigner> signer() {
        Optional<String> key = text("--sign-key");
        Optional<Path> certificate = path("--sign-cert");
        if (key.isPresent() != certificate.isPresent()) {
            throw new UsageException("--sign-key and --sign-cert go together");
        }
        return key.map(k -> new ModuleSigner(k, certificate.orElseThrow().toAbsolutePath()));
    }

    private BuildRequest.Manner manner(int processors) {
        return new BuildRequest.Manner(
                jobs(processors),
                has("--skip-compiler-check"),
                has("--check"),
                has("--full-build"),
                has("--skip-cleanup") || isDebug(),
                targets());
    }

    private List<String> targets() {
        List<String> targets = texts("--target");
        targets.stream()
                .filter(target -> !target.matches("[A-Za-z0-9_.][A-Za-z0-9_./,+-]*"))
                .findFirst()
                .ifPresent(target -> {
                    throw new UsageException("--target takes what make can build, and '" + target + "' is none");
                });
        return targets;
    }

    private int jobs(int processors) {
        String text = text("--jobs").orElse(String.valueOf(processors));
        if (!text.matches("[1-9][0-9]{0,3}")) {
            throw new UsageException("--jobs takes a number from 1 on, and '" + text + "' is none");
        }
        return Integer.parseInt(text);
    }

    private Optional<BuildRequest.OutOfTree> outOfTree() {
        Optional<Path> module = path("--oot-module");
        Optional<Path> sources = path("--oot-module-src");
        if (module.isPresent() != sources.isPresent()) {
            throw new UsageException("--oot-module and --oot-module-src go together");
        }
        if (module.isPresent() && has("--full-build")) {
            throw new UsageException("--full-build is for the kernel, and excludes --oot-module");
        }
        return module.map(m -> new BuildRequest.OutOfTree(m, sources.orElseThrow()));
    }

    boolean isDebug() {
        return has("--debug");
    }

    void requireKnownFormat() {
        String format = text(BuildSyntax.FORMAT).orElse("text");
        if (!format.equals("text") && !format.equals("json")) {
            throw new UsageException(BuildSyntax.FORMAT + " takes 'text' or 'json', and not '" + format + "'");
        }
    }

    private boolean has(String option) {
        return parsed.hasMatchedOption(option);
    }

    private List<String> texts(String option) {
        return parsed.matchedOptionValue(option, List.of());
    }

    private Optional<Path> path(String option) {
        return text(option).map(Path::of);
    }

    /** The value of an option which has no empty one; a script that lost a variable is told so. */
    private Optional<String> text(String option) {
        Optional<String> value = Optional.ofNullable(parsed.matchedOptionValue(option, null));
        if (value.equals(Optional.of(""))) {
            throw new UsageException(option + " needs a value");
        }
        return value;
    }
}
