// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.testing;

import io.github.kpatch.build.source.BuildProgress;
import java.util.ArrayList;
import java.util.List;

/** Keeps what building tells. */
public final class FakeBuildProgress implements BuildProgress {
    public final List<String> steps = new ArrayList<>();
    public final List<String> warnings = new ArrayList<>();

    @Override
    public void step(String sentence) {
        steps.add(sentence);
    }

    @Override
    public void passing(String text) {
        // nobody looks on
    }

    @Override
    public void note(String sentence) {
        steps.add(sentence);
    }

    @Override
    public void warn(String sentence) {
        warnings.add(sentence);
    }
}
