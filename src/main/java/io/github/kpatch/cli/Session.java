// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import io.github.kpatch.cli.json.JsonDocument;
import io.github.kpatch.operation.Host;
import io.github.kpatch.operation.Progress;
import java.util.Optional;

/**
 * What a command works with.
 *
 * @param host the machine
 * @param progress where operations tell what they do
 * @param console where the command prints
 * @param document the document that takes the place of text, where that is wanted
 */
public record Session(Host host, Progress progress, Console console, Optional<JsonDocument> document) {}
