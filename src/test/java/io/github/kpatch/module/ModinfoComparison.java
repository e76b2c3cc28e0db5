// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import io.github.kpatch.elf.ElfObject;
import io.github.kpatch.elf.MalformedElfException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Holds what {@code modinfo -0} prints of several files against our reading of them. */
final class ModinfoComparison {
    private static final String FILE = "filename:       ";
    private static final String PARAMETER = "parm:           ";

    private final Path directory;
    private final Differences differences;
    private List<String> ours = List.of();
    private int position;

    /** @param directory that the files' names are below */
    ModinfoComparison(Path directory, Differences differences) {
        this.directory = directory;
        this.differences = differences;
    }

    void field(String theirs) throws IOException, MalformedElfException, NotAPatchModuleException {
        if (theirs.startsWith(FILE)) {
            end();
            String file = theirs.substring(FILE.length());
            differences.in(file);
            ours = fields(Files.readAllBytes(directory.resolve(file)));
            position = 0;
        } else if (!theirs.startsWith("signature=")) { // the bytes of it are not read
            String expected = position < ours.size() ? ours.get(position) : "none";
            differences.hold("modinfo", "field", position++, expected, theirs);
        }
    }

    /** What is printed is complete; call it after the last field as well. */
    void end() {
        differences.hold("number", "fields", 0, ours.size(), position);
    }

    private static List<String> fields(byte[] content) throws MalformedElfException, NotAPatchModuleException {
        ElfObject elf = ElfObject.parse(content);
        List<String> fields = new ArrayList<>();
        List<ModinfoField> parameters = new ArrayList<>();
        for (ModinfoField field : ModinfoSection.parse(
                        elf.contentOf(elf.sectionNamed(".modinfo").orElseThrow()))
                .fields()) {
            if (field.key().equals("parm") || field.key().equals("parmtype")) {
                parameters.add(field);
            } else {
                fields.add(field.key() + "=" + field.value());
            }
        }
        if (SignatureReader.read(content).orElseThrow() instanceof ModuleSignature.Signed signed) {
            fields.add("sig_id=" + signed.form());
            fields.add("signer=" + signed.signer());
            fields.add("sig_key=" + signed.key());
            fields.add("sig_hashalgo=" + signed.hashAlgorithm());
        }
        fields.addAll(parameters(parameters));
        return fields;
    }

    /** modinfo makes one line of a parameter's description and type, and begins with the last parameter. */
    private static List<String> parameters(List<ModinfoField> fields) {
        Map<String, String> descriptions = new LinkedHashMap<>();
        Map<String, String> types = new LinkedHashMap<>();
        for (ModinfoField field : fields) {
            String name = field.value().substring(0, field.value().indexOf(':'));
            String rest = field.value().substring(name.length() + 1);
            descriptions.putIfAbsent(name, "");
            (field.key().equals("parm") ? descriptions : types).put(name, rest);
        }
        List<String> lines = new ArrayList<>();
        descriptions.forEach((name, description) -> {
            String type = types.getOrDefault(name, "");
            boolean both = !description.isEmpty() && !type.isEmpty();
            lines.add(PARAMETER + name + ":" + description + (both ? " (" + type + ")" : type));
        });
        Collections.reverse(lines);
        return lines;
    }
}
