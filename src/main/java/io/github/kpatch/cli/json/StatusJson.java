// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.json;

import io.github.kpatch.operation.ShowBoot.Boot;
import io.github.kpatch.operation.ShowStatus.Loaded;
import io.github.kpatch.operation.ShowStatus.Status;

/** The facts of {@code status}. */
public final class StatusJson {
    private StatusJson() {}

    public static void write(Json json, Status status, Boot boot) {
        json.text("kernel", status.kernelVersion())
                .text("support", status.support().word())
                .objects(
                        "taints",
                        status.taints(),
                        taint -> json.text("letter", String.valueOf(taint.letter()))
                                .text("meaning", taint.words()))
                .text("service", boot.service())
                .objects("loaded", status.loaded(), module -> write(json, module))
                .objects("notLoaded", status.waiting(), module -> ListJson.write(json, module))
                .objects("onHold", status.onHold(), module -> ListJson.write(json, module));
        json.number("installed", status.installed());
        status.transitionSince().ifPresent(since -> json.text("transitionSince", since));
        status.unswitched().ifPresent(tasks -> json.number("unswitchedTasks", tasks));
        json.texts("heldBack", status.held());
        boot.result()
                .ifPresent(result -> json.object(
                        "boot",
                        () -> json.text("time", result.time())
                                .number("loaded", result.loaded())
                                .texts("failures", result.failures())));
    }

    private static void write(Json json, Loaded loaded) {
        ListJson.write(json, loaded.patch());
        json.flag("replaces", loaded.replaces())
                .number("functions", loaded.functions())
                .word("installed", loaded.installed())
                .flag("onHold", loaded.onHold())
                .texts("pendingObjects", loaded.pending())
                .texts("fixes", loaded.fixes());
    }
}
