// SPDX-License-Identifier: Apache-2.0
/** What tests need and the program doesn't: builders of files, fakes of the machine. */
@NullMarked
package io.github.kpatch.testing;

import org.jspecify.annotations.NullMarked;
