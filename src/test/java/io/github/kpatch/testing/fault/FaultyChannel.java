// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.testing.fault;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** An open file. What the program does not use is not there. */
final class FaultyChannel extends FileChannel {
    private final Steps steps;
    private final Path path;
    private final FileChannel file;

    FaultyChannel(Steps steps, Path path, FileChannel file) {
        this.steps = steps;
        this.path = path;
        this.file = file;
        steps.opened(this);
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        steps.openFile("read", path);
        return file.read(target);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        if (steps.nextFails("write " + path)) {
            ByteBuffer half = source.duplicate();
            file.write(half.limit(half.position() + half.remaining() / 2));
        }
        steps.openFile("write", path);
        return file.write(source);
    }

    /** Only the disk is spared: what is tested here is the process. */
    @Override
    public void force(boolean metaData) throws IOException {
        steps.openFile("fsync", path);
    }

    @Override
    public long position() throws IOException {
        return file.position();
    }

    @Override
    public FileChannel position(long newPosition) throws IOException {
        file.position(newPosition);
        return this;
    }

    @Override
    public long size() throws IOException {
        return file.size();
    }

    @Override
    public @Nullable FileLock tryLock(long position, long size, boolean shared) throws IOException {
        steps.openFile("lock", path);
        return file.tryLock(position, size, shared);
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) throws IOException {
        steps.openFile("lock", path);
        return file.lock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
        file.close();
        steps.closed(this);
        if (!steps.isKilled()) {
            steps.openFile("close", path);
        }
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel truncate(long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        steps.openFile("pread", path);
        return file.read(target, position);
    }

    @Override
    public int write(ByteBuffer source, long position) {
        throw new UnsupportedOperationException();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
        throw new UnsupportedOperationException();
    }
}
