// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.vm;

import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/** A machine for each kernel that is to be covered ({@code kpatch.kernels}), booted once and shared by all classes. */
final class Guests implements ArgumentsProvider {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(Guests.class);

    @Override
    public Stream<Arguments> provideArguments(ParameterDeclarations parameters, ExtensionContext context) {
        return kernels().map(kernel -> Arguments.of(shared(kernel, context)));
    }

    static Stream<String> kernels() {
        return Stream.of(System.getProperty("kpatch.kernels", "6.1,6.12").split(",", -1));
    }

    /** The machine for one kernel, which is booted where it was not yet. */
    static Guest shared(String kernel, ExtensionContext context) {
        return context.getRoot().getStore(NAMESPACE).computeIfAbsent(kernel, Guest::boot, Guest.class);
    }
}
