// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The schema of what a program prints as JSON. */
public final class OutputSchema {
    private static final Path DIRECTORY = Path.of("src/main/dist/schema");

    private final Schema schema;

    /** That of {@code kpatch --output json}. */
    public OutputSchema() {
        this("output");
    }

    private OutputSchema(String name) {
        try {
            schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(Files.readString(DIRECTORY.resolve(name + ".schema.json")), InputFormat.JSON);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** That of {@code kpatch-build --output-format json}. */
    public static OutputSchema ofBuild() {
        return new OutputSchema("build");
    }

    /** Whether a text is a document of that schema. */
    public boolean knows(String text) {
        return schema.validate(text, InputFormat.JSON).isEmpty();
    }

    /** Reads a document, which has to be of that schema. */
    public JsonObject read(String text) {
        assertEquals(List.of(), schema.validate(text, InputFormat.JSON), text);
        return JsonParser.parseString(text).getAsJsonObject();
    }
}
