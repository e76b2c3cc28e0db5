// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.json;

import io.github.kpatch.kernel.LoadedPatch;
import io.github.kpatch.kernel.StalledTask;
import io.github.kpatch.operation.ListPatches.Listing;
import io.github.kpatch.store.InstalledModule;

/** The facts of {@code list}. */
public final class ListJson {
    private ListJson() {}

    public static void write(Json json, Listing listing) {
        json.objects("loaded", listing.loaded(), patch -> write(json, patch));
        json.objects("installed", listing.installed(), module -> write(json, module));
        listing.functions()
                .ifPresent(functions -> json.objects("functions", functions, patched -> {
                    json.text("object", patched.object());
                    FunctionsJson.write(json, patched.function());
                    json.text("module", patched.inEffect());
                }));
        listing.fixes()
                .ifPresent(fixes -> json.objects(
                        "fixes", fixes, fix -> json.text("cve", fix.cve()).text("module", fix.by())));
        if (!listing.unswitched().isEmpty()) {
            json.objects("unswitched", listing.unswitched(), task -> write(json, task));
        }
        json.texts("heldBack", listing.heldBack());
    }

    static void write(Json json, LoadedPatch patch) {
        json.text("module", patch.name()).word("state", patch.state());
    }

    static void write(Json json, InstalledModule module) {
        json.text("module", module.name())
                .text("kernel", module.kernelVersion())
                .text("file", module.file());
    }

    private static void write(Json json, StalledTask task) {
        json.number("pid", task.pid())
                .number("tid", task.tid())
                .text("name", task.name())
                .texts("stack", task.stack());
    }
}
