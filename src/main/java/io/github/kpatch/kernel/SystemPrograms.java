// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;

/** Programs in the administrator's directories, whatever PATH says: kpatch is run by scripts with a bare one. */
public final class SystemPrograms implements Programs {
    private static final int OUTPUT_LIMIT = 64 << 10;

    private final List<Path> directories;
    private final Logger log;

    public SystemPrograms(List<Path> directories, Logger log) {
        this.directories = directories;
        this.log = log;
    }

    @Override
    public boolean has(String program) {
        return find(program).isPresent();
    }

    @Override
    public Optional<Outcome> run(String... command) {
        Optional<String> program = find(command[0]);
        if (program.isEmpty()) {
            log.debug("{} is not installed", command[0]);
            return Optional.empty();
        }
        List<String> words = new ArrayList<>(List.of(command));
        words.set(0, program.get());
        log.debug("running {}", words);
        try {
            Process process =
                    new ProcessBuilder(words).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output;
            try (InputStream in = process.getInputStream()) {
                output = new String(last(in), StandardCharsets.UTF_8).strip();
            }
            return Optional.of(new Outcome(process.waitFor(), output));
        } catch (IOException e) {
            return Optional.of(new Outcome(127, String.valueOf(e.getMessage())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(new Outcome(130, "interrupted"));
        }
    }

    /** The end of what a program prints, where the reason of a failure is; all is read, or it could not go on. */
    private static byte[] last(InputStream in) throws IOException {
        byte[] before = new byte[0];
        byte[] block = in.readNBytes(OUTPUT_LIMIT);
        while (block.length == OUTPUT_LIMIT) {
            before = block;
            block = in.readNBytes(OUTPUT_LIMIT);
        }
        byte[] both = Arrays.copyOf(before, before.length + block.length);
        System.arraycopy(block, 0, both, before.length, block.length);
        return both;
    }

    private Optional<String> find(String program) {
        for (Path directory : directories) {
            Path path = directory.resolve(program);
            if (Files.isExecutable(path)) {
                return Optional.of(path.toString());
            }
        }
        return Optional.empty();
    }
}
