// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VersionOrderTest {
    /** As {@code LC_ALL=C sort -V} puts them. */
    private static final List<String> SORTED = List.of(
            "",
            ".",
            "..",
            ".hidden",
            "1.01",
            "1.1",
            "1.2.9",
            "1.2.10",
            "99999999999999999999",
            "100000000000000000000",
            "a~",
            "a",
            "a1",
            "ab",
            "a_b",
            "kpatch-9.ko",
            "kpatch-10.ko",
            "kpatch_5_14_0-1-2.ko",
            "kpatch_5_14_0-1-10.ko");

    @Test
    void theOrderIsThatOfSort() {
        List<String> shuffled = new ArrayList<>(SORTED);
        Random random = new Random(1);
        for (int i = 0; i < 50; i++) {
            Collections.shuffle(shuffled, random);
            shuffled.sort(new VersionOrder());
            assertEquals(SORTED, shuffled);
        }
    }

    @Test
    void onlyTheSameNameIsEqual() {
        VersionOrder order = new VersionOrder();
        assertEquals(0, order.compare("a-1", "a-1"));
        assertEquals(Integer.signum(order.compare("1.01", "1.1")), -Integer.signum(order.compare("1.1", "1.01")));
    }
}
