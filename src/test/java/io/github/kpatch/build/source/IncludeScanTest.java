// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class IncludeScanTest {
    private static List<String> includes(String text) {
        return IncludeScan.of(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void includesAreFoundHoweverTheyAreWritten() {
        assertEquals(
                List.of("<linux/fs.h", "\"a.h", "\"b.c", "<c.h", "\"d.h"),
                includes("#include <linux/fs.h>\n  #  include\t\"a.h\" /* a */\nint x;\n#include\"b.c\"\r\n"
                        + "#if 0\n#include <c.h>\n#endif\n#include \"d.h\""));
    }

    @Test
    void otherLinesAreNot() {
        assertEquals(List.of(), includes("x #include <a.h>\n#define A 1\n#in\n#include <a.h\n#\n#include MACRO(x)\n"));
        assertEquals(List.of(), includes(""));
        assertEquals(List.of(), includes("#"));
    }

    @Test
    void aMacroThatNamesAFileIncludesIt() {
        assertEquals(
                List.of("<linux/genl.h", "\"./x.c"),
                includes("#define FILE <linux/genl.h>\n#define OTHER \"./x.c\"\n#define TEXT \"hello.h there\"\n"));
    }

    @Test
    void aTraceHeaderMayBeNamedByAMacro() {
        assertEquals(
                List.of("\"my_trace.h", "<trace/events/my_trace.h"), includes("#define TRACE_INCLUDE_FILE my_trace\n"));
    }
}
