// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import java.util.List;

/**
 * A task that has not yet switched to the state that a transition leads to.
 *
 * @param pid the process
 * @param tid the thread
 * @param name its name (comm)
 * @param stack its kernel stack, innermost function first; empty where it may not be read
 */
public record StalledTask(int pid, int tid, String name, List<String> stack) {}
