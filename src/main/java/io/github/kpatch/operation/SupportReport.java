// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.kernel.SysfsTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * What is needed to find out from afar what is wrong on a machine, and nothing that has to be kept secret: no addresses
 * of the kernel, no command lines, no environment, no content of files.
 */
public final class SupportReport {
    private final Host host;

    public SupportReport(Host host) {
        this.host = host;
    }

    /** The patch modules that are loaded or installed for the running kernel, by name. */
    public Set<String> modules() {
        Set<String> names = new LinkedHashSet<>();
        host.patchInterface().ifPresent(patches -> patches.names().forEach(name -> names.add(name.toString())));
        host.db().modules(host.kernel().version()).forEach(module -> names.add(module.name()));
        return names;
    }

    /** What the kernel shows of them. */
    public String sysfs() {
        return text(new SysfsTree(host.machine().roots()).lines());
    }

    /** What the kernel's log has of them. */
    public String kernelLog() {
        var log = host.machine().programs().run("dmesg");
        if (log.filter(outcome -> outcome.status() == 0).isEmpty()) {
            return "(" + log.map(outcome -> outcome.output()).orElse("dmesg is not installed") + ")\n";
        }
        List<String> lines = new ArrayList<>();
        Set<String> names = modules();
        for (String line : log.get().output().lines().toList()) {
            Set<String> words = new HashSet<>(List.of(line.split("[^A-Za-z0-9_]+", -1)));
            if (words.contains("livepatch") || words.contains("kpatch") || !Collections.disjoint(words, names)) {
                lines.add(line);
            }
        }
        return text(lines);
    }

    private static String text(List<String> lines) {
        return lines.isEmpty() ? "(nothing)\n" : String.join("\n", lines) + "\n";
    }

    /**
     * Puts texts into one archive, a zip file for its reader's eyes only.
     *
     * @param texts the names of files, and what is in them
     */
    public void write(String file, Map<String, String> texts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try (ZipOutputStream archive = new ZipOutputStream(content, StandardCharsets.UTF_8)) {
            for (Map.Entry<String, String> text : texts.entrySet()) {
                ZipEntry entry = new ZipEntry(text.getKey());
                entry.setTimeLocal(
                        host.machine().clock().now().atOffset(ZoneOffset.UTC).toLocalDateTime());
                archive.putNextEntry(entry);
                archive.write(text.getValue().getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // into memory: it does not happen
        }
        OutputFile.keepPrivate(file, content.toByteArray());
    }
}
