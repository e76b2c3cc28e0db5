// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.json;

import io.github.kpatch.kernel.LoadedObject;
import io.github.kpatch.module.ModuleSignature;
import io.github.kpatch.module.PatchModule;
import io.github.kpatch.module.PatchedFunction;
import io.github.kpatch.operation.DescribePatch.Description;
import io.github.kpatch.operation.DescribePatch.InMemory;
import io.github.kpatch.operation.DescribePatch.OnDisk;
import java.util.List;

/** The facts of {@code info}. */
public final class InfoJson {
    private InfoJson() {}

    public static void write(Json json, Description description) {
        if (description instanceof OnDisk onDisk) {
            write(json, onDisk);
        } else if (description instanceof InMemory inMemory) {
            write(json, inMemory);
        }
    }

    private static void write(Json json, OnDisk onDisk) {
        PatchModule module = onDisk.file().module();
        json.text("module", module.name())
                .text("file", onDisk.file().path().toAbsolutePath())
                .text("kernel", module.kernelRelease())
                .text("architecture", module.architecture())
                .text("vermagic", module.vermagic())
                .text("srcversion", module.field("srcversion"))
                .text("buildId", module.buildId())
                .text("checksum", module.checksum())
                .flag("replace", module.replace())
                .flag("early", onDisk.early())
                .flag("onHold", onDisk.onHold())
                .texts("fixes", onDisk.advisory().cves())
                .text("summary", onDisk.advisory().summary())
                .objects(
                        "modinfo",
                        module.modinfo(),
                        field -> json.text("key", field.key()).text("value", field.value()));
        module.signature().ifPresent(signature -> json.object("signature", () -> write(json, signature)));
        json.objects("objects", module.objects(), object -> write(json, object.name(), object.functions()));
    }

    private static void write(Json json, ModuleSignature signature) {
        if (signature instanceof ModuleSignature.Signed signed) {
            json.text("form", signed.form())
                    .text("signer", signed.signer())
                    .text("key", signed.key())
                    .text("hashAlgorithm", signed.hashAlgorithm());
        } else if (signature instanceof ModuleSignature.Malformed malformed) {
            json.text("malformed", malformed.reason());
        }
    }

    private static void write(Json json, InMemory inMemory) {
        ListJson.write(json, inMemory.patch());
        json.text("srcversion", inMemory.srcversion())
                .objects("objects", inMemory.objects(), object -> write(json, object));
    }

    private static void write(Json json, LoadedObject object) {
        write(json, object.name(), object.functions());
        json.flag("patched", object.patched());
    }

    private static void write(Json json, String object, List<PatchedFunction> functions) {
        json.text("object", object).objects("functions", functions, function -> FunctionsJson.write(json, function));
    }
}
