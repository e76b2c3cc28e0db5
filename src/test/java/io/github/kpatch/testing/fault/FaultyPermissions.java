// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.testing.fault;

import java.io.IOException;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;

/** The permissions and times of a file, to be set. */
class FaultyPermissions implements PosixFileAttributeView {
    private final PosixFileAttributeView view;

    FaultyPermissions(PosixFileAttributeView view) {
        this.view = view;
    }

    @Override
    public void setPermissions(Set<PosixFilePermission> permissions) throws IOException {
        view.setPermissions(permissions);
    }

    @Override
    public String name() {
        return view.name();
    }

    @Override
    public PosixFileAttributes readAttributes() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setTimes(FileTime lastModified, FileTime lastAccess, FileTime creation) throws IOException {
        view.setTimes(lastModified, lastAccess, creation);
    }

    @Override
    public UserPrincipal getOwner() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setOwner(UserPrincipal owner) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setGroup(GroupPrincipal group) {
        throw new UnsupportedOperationException();
    }
}
