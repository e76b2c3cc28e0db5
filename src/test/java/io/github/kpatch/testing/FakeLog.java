// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.testing;

import io.github.kpatch.kernel.KernelLog;
import java.util.ArrayList;
import java.util.List;

/** The kernel's log: what the fake kernel says in it, and what kpatch leaves there. */
public final class FakeLog implements KernelLog {
    private final List<String> said = new ArrayList<>();
    private final List<String> records = new ArrayList<>();
    private int listening;

    /** The kernel says something. */
    public void say(String line) {
        said.add(line);
    }

    @Override
    public Listener listen() {
        int start = said.size();
        listening++;
        return new Listener() {
            private int position = start;

            @Override
            public List<String> lines() {
                List<String> lines = List.copyOf(said.subList(position, said.size()));
                position = said.size();
                return lines;
            }

            @Override
            public void close() {
                listening--;
            }
        };
    }

    @Override
    public void record(String line) {
        records.add(line);
    }

    /** What kpatch left in the log. */
    public List<String> records() {
        return List.copyOf(records);
    }

    /** How many listeners have not been closed. */
    public int listening() {
        return listening;
    }
}
