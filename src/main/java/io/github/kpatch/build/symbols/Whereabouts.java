// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.symbols;

/** Where an object file lies in its parent, as far as it is known. */
interface Whereabouts {

    /** Which of the local symbols of the same name can be the object's: none, one, or more if it is not known. */
    int[] among(int[] candidates, ObjectSymbol symbol);
}
