// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.vm;

import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/** The machines whose kernels Debian 12's compiler has made, as it is the one to build for them. */
final class GuestsToBuildFor implements ArgumentsProvider {
    private static final String NEWEST = "7";

    @Override
    public Stream<Arguments> provideArguments(ParameterDeclarations parameters, ExtensionContext context) {
        return kernels().map(kernel -> Arguments.of(Guests.shared(kernel, context)));
    }

    static Stream<String> kernels() {
        return Guests.kernels().filter(kernel -> !kernel.equals(NEWEST));
    }
}
