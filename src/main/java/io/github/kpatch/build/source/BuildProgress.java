// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.source;

/** What building a patch module tells while it works. */
public interface BuildProgress {

    /** Something that takes a while is begun. */
    void step(String sentence);

    /** How far the present step has come; shown only to those who look on. */
    void passing(String text);

    /** A sentence that is good to know, about something that did not fail. */
    void note(String sentence);

    /** A sentence about something that may turn out badly. */
    void warn(String sentence);
}
