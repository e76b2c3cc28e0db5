// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import io.github.kpatch.cli.json.JsonDocument;
import io.github.kpatch.operation.Host;
import io.github.kpatch.operation.Progress;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a command works with.
 *
 * @param host the machine
 * @param progress where operations tell what they do
 * @param console where the command prints
 * @param kpatch runs another command line of kpatch's, and gives what it prints and its exit status
 * @param document the document that takes the place of text, where that is wanted
 */
public record Session(
        Host host,
        Progress progress,
        Console console,
        Function<List<String>, String> kpatch,
        Optional<JsonDocument> document) {

    /** A sentence that is good to know, and has no place in what the command prints for others to read. */
    public void remark(String sentence) {
        if (document.isPresent()) {
            progress.note(sentence);
        } else {
            console.error("kpatch: " + sentence);
        }
    }
}
