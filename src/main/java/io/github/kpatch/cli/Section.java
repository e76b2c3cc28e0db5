// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import java.util.List;

/**
 * A part of a screen.
 *
 * @param title what it is about; empty where its lines say that themselves
 * @param hang how far the lines are indented that continue another one
 */
public record Section(String title, List<Styled> lines, int hang) {
    public Section {
        lines = List.copyOf(lines);
    }
}
