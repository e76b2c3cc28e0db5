// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.testing;

import java.util.List;

/**
 * A task of the fake kernel that does not switch in a transition by itself.
 *
 * @param pid its process, and its thread
 * @param name its name
 * @param stack its stack as /proc shows it
 */
record FakeTask(int pid, String name, List<String> stack) {}
