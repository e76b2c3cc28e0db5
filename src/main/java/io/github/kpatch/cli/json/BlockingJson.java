// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.json;

import io.github.kpatch.operation.ShowBlocking.Blocking;
import io.github.kpatch.operation.ShowBlocking.Task;
import java.util.List;
import java.util.Optional;

/** The facts of {@code blocking}. */
public final class BlockingJson {
    private BlockingJson() {}

    public static void write(Json json, Optional<Blocking> blocking) {
        blocking.ifPresent(b -> json.object("transition", () -> ListJson.write(json, b.patch())));
        json.objects(
                "processes",
                blocking.map(Blocking::processes).orElse(List.of()),
                process -> json.number("pid", process.pid())
                        .text("name", process.name())
                        .objects("tasks", process.tasks(), task -> write(json, task)));
    }

    private static void write(Json json, Task task) {
        json.number("tid", task.tid())
                .text("name", task.name())
                .text("state", task.state())
                .text("waitChannel", task.waitChannel())
                .objects(
                        "stack",
                        task.frames(),
                        frame -> json.text("frame", frame.text()).text("why", frame.why()));
    }
}
