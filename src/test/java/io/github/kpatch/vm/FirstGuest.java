// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.vm;

import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/** The machine for the first of the kernels, for what is slow and does not differ from one to the other. */
final class FirstGuest implements ArgumentsProvider {
    @Override
    public Stream<Arguments> provideArguments(ParameterDeclarations parameters, ExtensionContext context) {
        return new Guests().provideArguments(parameters, context).limit(1).map(Arguments.class::cast);
    }
}
