/**
 * What {@code --output json} prints: one class for each kind of facts, over the one writer {@link
 * io.github.kpatch.cli.json.Json}. Its classes, and the library behind them, are loaded only where that is asked for.
 * The schemas of it all are in {@code src/main/dist/schema}: {@code output.schema.json}, and {@code build.schema.json}
 * for kpatch-build.
 */
@NullMarked
package io.github.kpatch.cli.json;

import org.jspecify.annotations.NullMarked;
