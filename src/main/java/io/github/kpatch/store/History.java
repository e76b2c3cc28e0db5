// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What was done on this machine: {@code DB/.kpatch/history}, a line for each change, to which lines are only added. One
 * that a crash tore is passed over, and does no harm to the next.
 */
public final class History {
    /** The newest lines of a file that has grown beyond reason. */
    private static final int MOST_READ = 16 << 20;

    /** As the system keeps its own log of such things. */
    private static final Set<PosixFilePermission> FOR_ROOT = PosixFilePermissions.fromString("rw-------");

    /** What is put behind a line that has no end, so that it is not taken for a whole one. */
    private static final String TORN = " (torn)\n";

    private final Path file;

    History(Path file) {
        this.file = file;
    }

    /**
     * What is on record.
     *
     * @param entries from the oldest on
     * @param damaged how many lines could not be understood
     */
    public record Content(List<HistoryEntry> entries, int damaged) {
        public Content {
            entries = List.copyOf(entries);
        }
    }

    public Content read() {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long start = Math.max(0, channel.size() - MOST_READ);
            ByteBuffer bytes = ByteBuffer.allocate((int) (channel.size() - start));
            while (bytes.hasRemaining() && channel.read(bytes, start + bytes.position()) >= 0) {
                // goes on to the end
            }
            String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII);
            return parse(start == 0 ? text : text.substring(text.indexOf('\n') + 1));
        } catch (NoSuchFileException e) {
            return new Content(List.of(), 0);
        } catch (IOException e) {
            throw Reason.failure(file, "cannot be read", e);
        }
    }

    private static Content parse(String text) {
        List<HistoryEntry> entries = new ArrayList<>();
        int damaged = 0;
        int start = 0;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
            Optional<HistoryEntry> entry = HistoryEntry.parse(text.substring(start, end));
            entry.ifPresent(entries::add);
            damaged += entry.isEmpty() ? 1 : 0;
            start = end + 1;
        }
        damaged += start < text.length() ? 1 : 0;
        return new Content(entries, damaged);
    }

    /** Adds an entry durably, by a single write, which those of other processes do not come between. */
    public void add(HistoryEntry entry) {
        try {
            DurableFile.createDirectory(DurableFile.parent(file));
            String line = (isTorn() ? TORN : "") + entry.timedLine() + "\n";
            try (FileChannel channel = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                    PosixFilePermissions.asFileAttribute(FOR_ROOT))) {
                channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)));
                channel.force(false);
            }
        } catch (IOException e) {
            throw Reason.failure(file, "cannot be written", e);
        }
    }

    /** Whether it ends within a line. */
    private boolean isTorn() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            return channel.size() > 0 && channel.read(last, channel.size() - 1) == 1 && last.get(0) != '\n';
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
