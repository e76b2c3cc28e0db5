// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build;

import io.github.kpatch.build.diff.Difference;
import io.github.kpatch.build.kbuild.BuildLog;
import io.github.kpatch.build.kbuild.ModuleLink;
import io.github.kpatch.build.kbuild.ModuleParts;
import io.github.kpatch.build.kbuild.PatchName;
import io.github.kpatch.build.source.BuildProgress;
import io.github.kpatch.build.source.Disk;
import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.kernel.Tools;
import io.github.kpatch.module.Sha256;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Makes the patch module of the objects that differ. */
final class FinishedModule {
    private final BuildParts parts;
    private final Ready ready;
    private final Tools tools;
    private final BuildLog log;
    private final BuildProgress progress;

    FinishedModule(BuildParts parts, Ready ready, Tools tools, BuildLog log, BuildProgress progress) {
        this.parts = parts;
        this.ready = ready;
        this.tools = tools;
        this.log = log;
        this.progress = progress;
    }

    /** Links, finishes and signs it, and puts it where it is wanted. */
    Path make(BuildRequest request, List<Report.ObjectReport> objects) {
        BuildRequest.Result result = request.result();
        PatchName name = result.name().map(PatchName::chosen).orElseGet(() -> PatchName.of(request.patches()));
        progress.step("linking " + name + ".ko");
        requireOneCallback(objects);
        List<ModuleParts.Part> linked = outputs(objects);
        ModuleParts whole = new ModuleParts(name, result.replace(), linked, checksum(linked), modinfo(result));
        Path work = ready.place().resolve("module");
        Path module = new ModuleLink(ready.kernel(), work).link(whole);
        parts.finish().accept(module);
        result.signer()
                .ifPresent(signer -> signer.sign(
                        module, ready.kernel().tree(), ready.settings().config(), tools, log));
        Path file = result.directory().resolve(name + ".ko");
        Disk.copy(module, file);
        if (!request.manner().keep()) {
            Disk.remove(work);
            Disk.remove(ready.place().resolve("output"));
        }
        return file;
    }

    /** The glue has a place for one of each kind, as klp_object has (Documentation/livepatch/callbacks.rst). */
    private static void requireOneCallback(List<Report.ObjectReport> objects) {
        Set<String> seen = new HashSet<>();
        for (Report.ObjectReport object : objects) {
            for (String kind : object.difference().output().orElseThrow().callbacks()) {
                if (!seen.add(object.parent() + ' ' + kind)) {
                    throw new KpatchException(
                            Failure.REFUSED,
                            object.object() + ": has a second " + kind + " callback for " + object.parent()
                                    + ", and there can be one of each kind",
                            "have the first call what the second does");
                }
            }
        }
    }

    private List<ModuleParts.Part> outputs(List<Report.ObjectReport> objects) {
        Path directory = ready.place().resolve("output");
        Disk.remove(directory);
        Disk.makeDirectory(directory);
        List<ModuleParts.Part> parts = new ArrayList<>();
        for (Report.ObjectReport object : objects) {
            Difference.Output output = object.difference().output().orElseThrow();
            output.nameTables(parts.size());
            Path file = directory.resolve("object-" + parts.size() + ".o");
            Disk.write(file, output.object().toBytes());
            parts.add(new ModuleParts.Part(
                    file,
                    object.parent(),
                    output.functions(),
                    output.callbacks().size()));
        }
        return parts;
    }

    private static List<ModuleParts.Modinfo> modinfo(BuildRequest.Result result) {
        List<ModuleParts.Modinfo> fields = new ArrayList<>();
        result.description().ifPresent(text -> fields.add(new ModuleParts.Modinfo("description", text)));
        result.cves().forEach(cve -> fields.add(new ModuleParts.Modinfo("cve", cve)));
        return fields;
    }

    /** Of what is linked, so that builds of the same change have the same one. */
    private static String checksum(List<ModuleParts.Part> linked) {
        StringBuilder sums = new StringBuilder();
        linked.forEach(part -> sums.append(sum(Disk.read(part.object()))));
        return sum(sums.toString().getBytes(StandardCharsets.US_ASCII));
    }

    private static String sum(byte[] content) {
        return Disk.with(Path.of("checksum"), "cannot be made", () -> Sha256.of(new ByteArrayInputStream(content)));
    }
}
