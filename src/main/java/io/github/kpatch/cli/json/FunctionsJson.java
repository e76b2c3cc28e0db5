// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.json;

import io.github.kpatch.module.PatchedFunction;

/** A patched function. */
final class FunctionsJson {
    private FunctionsJson() {}

    /** @param function sympos is 1 for the first or only symbol of that name, as in sysfs */
    static void write(Json json, PatchedFunction function) {
        json.text("function", function.name()).unsigned("sympos", function.sympos() == 0 ? 1 : function.sympos());
    }
}
