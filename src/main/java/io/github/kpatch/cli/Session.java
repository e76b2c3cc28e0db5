// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import io.github.kpatch.operation.Host;
import io.github.kpatch.operation.Progress;

/**
 * What a command works with.
 *
 * @param host the machine
 * @param progress where operations tell what they do
 * @param console where the command prints
 */
public record Session(Host host, Progress progress, Console console) {}
