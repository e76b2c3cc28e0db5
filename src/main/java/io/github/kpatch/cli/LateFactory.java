// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/**
 * What makes objects by their classes, of which a grammar that is a model has none. Picocli's own looks for a class of
 * Groovy when it is made, and so every jar there is would be opened at every start.
 */
public final class LateFactory implements IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
        return CommandLine.defaultFactory().create(type);
    }
}
