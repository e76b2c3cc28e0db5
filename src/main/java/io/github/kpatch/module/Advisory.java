// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What a patch module fixes: by its own modinfo fields {@code cve} and {@code fixes}, or, for modules that have none, by
 * a file beside it of the same name and {@code .json} behind it, such as
 *
 * <pre>{@code {"cve": ["CVE-2024-1086"], "fixes": "a use after free in nf_tables"}}</pre>
 *
 * @param cves the known vulnerabilities
 * @param summary in words
 */
public record Advisory(List<Cve> cves, Optional<String> summary) {
    /** No such file is bigger. */
    public static final int MAX_SIZE = 1 << 20;

    private static final Advisory NONE = new Advisory(List.of(), Optional.empty());

    public Advisory {
        cves = List.copyOf(cves);
    }

    /** What a module itself and the file beside it say. */
    public static Advisory of(PatchModule module, Optional<Advisory> beside) {
        Advisory other = beside.orElse(NONE);
        TreeSet<Cve> all = new TreeSet<>(module.cves());
        all.addAll(other.cves);
        return new Advisory(new ArrayList<>(all), module.field("fixes").or(other::summary));
    }

    /**
     * Reads the file beside a module. Members of other names are passed over.
     *
     * @throws MalformedAdvisoryException if it is not such a file
     */
    public static Advisory parse(String text) throws MalformedAdvisoryException {
        try (JsonReader json = new JsonReader(new StringReader(text))) {
            json.setStrictness(Strictness.STRICT);
            Advisory advisory = NONE;
            json.beginObject();
            while (json.hasNext()) {
                switch (json.nextName()) {
                    case "cve" -> advisory = new Advisory(cves(json), advisory.summary);
                    case "fixes" -> advisory = new Advisory(advisory.cves, Optional.of(json.nextString()));
                    default -> json.skipValue();
                }
            }
            json.endObject();
            if (json.peek() != JsonToken.END_DOCUMENT) {
                throw new MalformedAdvisoryException("there is something behind the object");
            }
            return advisory;
        } catch (IOException | IllegalStateException e) {
            throw new MalformedAdvisoryException(
                    "it is no JSON object with 'cve' as a list of names and 'fixes' as text");
        }
    }

    private static List<Cve> cves(JsonReader json) throws IOException, MalformedAdvisoryException {
        List<Cve> cves = new ArrayList<>();
        json.beginArray();
        while (json.hasNext()) {
            String name = json.nextString();
            cves.add(Cve.parse(name)
                    .orElseThrow(() -> new MalformedAdvisoryException(
                            "'" + name + "' is no name of a vulnerability, CVE-YEAR-NUMBER")));
        }
        json.endArray();
        return cves;
    }
}
