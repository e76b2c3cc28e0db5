// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.testing.fault;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.Iterator;

/** An open directory. It is read once from its start and once from its middle, if it is to fail. */
final class FaultyDirectory implements DirectoryStream<Path> {
    private final FaultyFileSystem files;
    private final Path directory;
    private final DirectoryStream<Path> entries;

    FaultyDirectory(FaultyFileSystem files, Path directory, DirectoryStream<Path> entries) {
        this.files = files;
        this.directory = directory;
        this.entries = entries;
    }

    @Override
    public Iterator<Path> iterator() {
        Iterator<Path> iterator = entries.iterator();
        return new Iterator<>() {
            private int given;

            /** One call of the kernel gives many entries, the next one the others, or that there are none. */
            @Override
            public boolean hasNext() {
                boolean has = iterator.hasNext();
                if (given == 0 || !has) {
                    readMore();
                }
                return has;
            }

            @Override
            public Path next() {
                given++;
                return new FaultyPath(files, iterator.next());
            }
        };
    }

    private void readMore() {
        try {
            files.steps().file("readdir", directory);
        } catch (IOException e) {
            throw new DirectoryIteratorException(e);
        }
    }

    @Override
    public void close() throws IOException {
        entries.close();
    }
}
