// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import io.github.kpatch.elf.ElfSection;

/** Where the functions of one object stand. Ordered by place; the end is found out after the start. */
final class FunctionArray implements Comparable<FunctionArray> {
    private final String object;
    private final Place start;
    private long end;

    FunctionArray(String object, Place start) {
        this.object = object;
        this.start = start;
        this.end = start.section().size();
    }

    String object() {
        return object;
    }

    ElfSection section() {
        return start.section();
    }

    Place start() {
        return start;
    }

    long end() {
        return end;
    }

    void endsAt(long limit) {
        end = Math.min(end, limit);
    }

    @Override
    public int compareTo(FunctionArray other) {
        int bySection = Integer.compare(section().index(), other.section().index());
        return bySection != 0 ? bySection : Long.compare(start.offset(), other.start.offset());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FunctionArray that && compareTo(that) == 0;
    }

    @Override
    public int hashCode() {
        return 31 * section().index() + Long.hashCode(start.offset());
    }
}
