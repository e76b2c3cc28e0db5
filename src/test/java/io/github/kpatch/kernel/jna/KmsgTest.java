// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel.jna;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Records as /dev/kmsg gives them. */
class KmsgTest {
    @Test
    void aMessageOfTheKernelIsShownWithoutItsDictionary() {
        assertEquals(
                List.of("livepatch: 'kpt_a': patching complete"),
                Kmsg.parse("5,1234,98765432,-;livepatch: 'kpt_a': patching complete\n SUBSYSTEM=module\n"));
    }

    @Test
    void whatProgramsWroteAndWhatIsForDebuggingIsNot() {
        assertEquals(List.of(), Kmsg.parse("14,1,1,-;kpatch: loaded patch module kpt_a\n"));
        assertEquals(List.of(), Kmsg.parse("7,1,1,-;livepatch: debugging\n"));
    }

    @Test
    void whatIsNoRecordIsNoMessage() {
        for (String text : List.of("", ";", "x,1,1,-;text", "6", "6;a,b", "99999999999,1,1,-;text")) {
            assertEquals(List.of(), Kmsg.parse(text), text);
        }
    }
}
