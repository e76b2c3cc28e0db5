// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Where two readings of files do not agree. */
final class Differences {
    /** So many are enough to see what is wrong. */
    private static final int MOST = 20;

    private final List<String> found = new ArrayList<>();
    private String file = "";
    private int files;
    private long values;

    /** What is held against each other from here on is of this file. */
    void in(String name) {
        file = name;
        files++;
    }

    /** Holds a value against the other program's; where in the file they are, words and a number tell. */
    void hold(String field, String place, long number, Object ours, Object theirs) {
        values++;
        if (!Objects.equals(ours, theirs) && found.size() < MOST) {
            found.add("%s: %s %d: %s: ours is '%s', theirs '%s'".formatted(file, place, number, field, ours, theirs));
        }
    }

    void hold(String field, String place, long number, long ours, long theirs) {
        if (ours == theirs) {
            values++;
        } else {
            hold(field, place, number, "0x" + Long.toHexString(ours), "0x" + Long.toHexString(theirs));
        }
    }

    String file() {
        return file;
    }

    int files() {
        return files;
    }

    long values() {
        return values;
    }

    void assertNone() {
        assertEquals("", String.join("\n", found));
    }
}
