// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.testing.fault;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.spi.FileSystemProvider;
import java.util.Map;
import java.util.Set;

/** Passes each step on to the machine's own files, once it is counted and does not fail. */
final class FaultyProvider extends FileSystemProvider {
    private final FaultyFileSystem files;

    FaultyProvider(FaultyFileSystem files) {
        this.files = files;
    }

    /** The file's own path, if this step does not fail. */
    private Path step(String step, Path path) throws IOException {
        Path real = ((FaultyPath) path).real();
        files.steps().file(step, real);
        return real;
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        Path real = step("open", path);
        return new FaultyChannel(files.steps(), real, FileChannel.open(real, options, attributes));
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path directory, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        Path real = step("open", directory);
        return new FaultyDirectory(files, real, real.getFileSystem().provider().newDirectoryStream(real, filter));
    }

    @Override
    public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
        Files.createDirectory(step("mkdir", directory), attributes);
    }

    @Override
    public void delete(Path path) throws IOException {
        Files.delete(step("unlink", path));
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        Files.move(step("rename", source), ((FaultyPath) target).real(), options);
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        Path real = step("access", path);
        real.getFileSystem().provider().checkAccess(real, modes);
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        return Files.readAttributes(step("stat", path), type, options);
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
        return Files.readAttributes(step("stat", path), attributes, options);
    }

    /** Only what sets permissions and times. */
    @Override
    public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
        PosixFileAttributeView view =
                Files.getFileAttributeView(((FaultyPath) path).real(), PosixFileAttributeView.class, options);
        return type.cast(new FaultyPermissions(view) {
            @Override
            public void setPermissions(Set<PosixFilePermission> permissions) throws IOException {
                step("chmod", path);
                super.setPermissions(permissions);
            }

            @Override
            public void setTimes(FileTime lastModified, FileTime lastAccess, FileTime creation) throws IOException {
                step("utimes", path);
                super.setTimes(lastModified, lastAccess, creation);
            }
        });
    }

    @Override
    public boolean isHidden(Path path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isSameFile(Path path, Path other) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileStore getFileStore(Path path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String getScheme() {
        return "faulty";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        return files;
    }

    @Override
    public Path getPath(URI uri) {
        throw new UnsupportedOperationException();
    }
}
