// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build;

import io.github.kpatch.build.diff.Parent;
import io.github.kpatch.build.source.Disk;
import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who exports which symbols, as a {@code Module.symvers} says: on each line, parted by tabs, the CRC, the symbol, the
 * file without its suffix that exports it, and how (Documentation/kbuild/modules.rst, 6.1).
 */
final class Exports implements Parent.Exports {
    private final Map<String, String> exporters = new HashMap<>();

    private Exports() {}

    static Exports read(Path symvers) {
        Exports exports = new Exports();
        int number = 0;
        for (String line : Disk.text(symvers).lines().toList()) {
            number++;
            String[] fields = line.split("\t", -1);
            if (fields.length < 3) {
                throw new KpatchException(
                        Failure.FAILED, symvers + ": is no Module.symvers: line " + number + " has no three fields");
            }
            exports.exporters.put(fields[1], moduleName(fields[2]));
        }
        return exports;
    }

    /** {@code drivers/net/tun} or {@code tun.ko} is the module that the kernel calls {@code tun}. */
    static String moduleName(String path) {
        String file = path.substring(path.lastIndexOf('/') + 1);
        int dot = file.indexOf(".ko");
        return (dot < 0 ? file : file.substring(0, dot)).replace('-', '_').replace(',', '_');
    }

    @Override
    public Optional<String> exporter(String symbol) {
        return Optional.ofNullable(exporters.get(symbol));
    }
}
