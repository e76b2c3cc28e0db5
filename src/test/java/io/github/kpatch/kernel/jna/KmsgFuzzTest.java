// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel.jna;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.kpatch.testing.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a record of the kernel log looks like. */
class KmsgFuzzTest {
    static Stream<byte[]> records() {
        return Seeds.texts("6,1234,5678901,-;livepatch: enabling patch 'kpt_a'\n SUBSYSTEM=x\n", "30,1,2,-;x", "4,1");
    }

    @MethodSource("records")
    @FuzzTest
    void aRecordHasOneLineOrNone(byte[] record) {
        List<String> lines = Kmsg.parse(new String(record, StandardCharsets.UTF_8));
        assertTrue(lines.size() <= 1 && lines.stream().noneMatch(line -> line.contains("\n")));
    }
}
