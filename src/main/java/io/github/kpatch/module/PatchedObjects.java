// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import io.github.kpatch.elf.MalformedElfException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gathers functions under their objects, both in the order in which they first came. There are only so many, since the
 * bytes of one name can be those of all, and what a file describes would take many times the memory of the file.
 */
final class PatchedObjects {
    /** No kernel has so many functions that can be patched. */
    static final int MOST = 100_000;

    private final Map<String, List<PatchedFunction>> functions = new LinkedHashMap<>();

    private int count;

    /** An object, which may turn out to have no functions. */
    void add(String object) {
        functionsOf(object);
    }

    void add(String object, PatchedFunction function) throws MalformedElfException {
        if (++count > MOST) {
            throw new MalformedElfException(0, "is corrupt: it patches more functions than any kernel has");
        }
        functionsOf(object).add(function);
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
