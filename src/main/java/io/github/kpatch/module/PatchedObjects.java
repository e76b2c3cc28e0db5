// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gathers functions under their objects, both in the order in which they first came. */
final class PatchedObjects {
    private final Map<String, List<PatchedFunction>> functions = new LinkedHashMap<>();

    void add(String object, PatchedFunction function) {
        functionsOf(object).add(function);
    }

    void addAll(String object, List<PatchedFunction> more) {
        functionsOf(object).addAll(more);
    }

    private List<PatchedFunction> functionsOf(String object) {
        List<PatchedFunction> known = functions.get(object);
        if (known == null) {
            known = new ArrayList<>();
            functions.put(object, known);
        }
        return known;
    }

    List<PatchedObject> toList() {
        List<PatchedObject> objects = new ArrayList<>(functions.size());
        for (Map.Entry<String, List<PatchedFunction>> entry : functions.entrySet()) {
            objects.add(new PatchedObject(entry.getKey(), entry.getValue()));
        }
        return objects;
    }
}
