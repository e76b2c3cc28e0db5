/**
 * The install DB: patch modules kept on disk, in a directory for each kernel version, to be loaded at boot. Its files
 * appear whole or not at all, and a lock keeps two processes apart. It may use {@code module} and {@code failure}.
 */
@NullMarked
package io.github.kpatch.store;

import org.jspecify.annotations.NullMarked;
