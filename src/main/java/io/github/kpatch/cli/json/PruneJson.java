// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.json;

import io.github.kpatch.operation.PrunePatches.Candidate;
import java.util.List;

/** The facts of {@code prune}. */
public final class PruneJson {
    private PruneJson() {}

    public static void write(Json json, List<Candidate> candidates) {
        json.objects("candidates", candidates, candidate -> {
            ListJson.write(json, candidate.module());
            json.text("why", candidate.why());
        });
    }
}
