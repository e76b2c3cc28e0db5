// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The section {@code .modinfo}: strings {@code key=value}, each with a NUL behind it and perhaps more NULs as padding.
 * Strings without a key are passed over, as the kernel does.
 */
final class ModinfoSection {
    /** Fields cost many times their bytes once they are objects; real sections have some hundred bytes. */
    private static final int MAX_SIZE = 1 << 20;

    private final List<ModinfoField> fields;

    private ModinfoSection(List<ModinfoField> fields) {
        this.fields = fields;
    }

    static ModinfoSection parse(byte[] content) throws NotAPatchModuleException {
        if (content.length > MAX_SIZE) {
            throw new NotAPatchModuleException("is corrupt: its .modinfo section is bigger than 1 MiB");
        }
        if (content.length > 0 && content[content.length - 1] != 0) {
            throw new NotAPatchModuleException("is corrupt: its .modinfo section does not end with a NUL");
        }
        List<ModinfoField> fields = new ArrayList<>();
        int start = 0;
        int equals = -1;
        for (int i = 0; i < content.length; i++) {
            if (content[i] == '=' && equals < 0) {
                equals = i;
            } else if (content[i] == 0) {
                if (equals > start) {
                    fields.add(new ModinfoField(text(content, start, equals), text(content, equals + 1, i)));
                }
                start = i + 1;
                equals = -1;
            }
        }
        return new ModinfoSection(Collections.unmodifiableList(fields));
    }

    private static String text(byte[] content, int start, int end) {
        return new String(content, start, end - start, StandardCharsets.UTF_8);
    }

    List<ModinfoField> fields() {
        return fields;
    }

    /** The value of the first field with that key, which is the one that the kernel goes by. */
    Optional<String> first(String key) {
        return first(fields, key);
    }

    static Optional<String> first(List<ModinfoField> fields, String key) {
        for (ModinfoField field : fields) {
            if (field.key().equals(key)) {
                return Optional.of(field.value());
            }
        }
        return Optional.empty();
    }
}
