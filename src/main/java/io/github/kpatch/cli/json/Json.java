// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.json;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** Writes the members of a JSON object (RFC 8259), one after the other. What is not known is not there. */
public final class Json {
    private final StringWriter text = new StringWriter();
    private final JsonWriter writer = new JsonWriter(text);

    Json() {
        writer.setIndent("  ");
        write(() -> writer.beginObject());
    }

    public Json text(String name, Object value) {
        return write(() -> writer.name(name).value(value.toString()));
    }

    public Json text(String name, Optional<?> value) {
        value.ifPresent(v -> text(name, v));
        return this;
    }

    /** One of a closed choice, {@code SOME_THING} as {@code some-thing}. */
    public Json word(String name, Enum<?> constant) {
        return text(name, word(constant));
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A number that the kernel takes for unsigned. */
    public Json unsigned(String name, long value) {
        return write(() -> writer.name(name).jsonValue(Long.toUnsignedString(value)));
    }

    public Json number(String name, long value) {
        return write(() -> writer.name(name).value(value));
    }

    public Json flag(String name, boolean value) {
        return write(() -> writer.name(name).value(value));
    }

    public Json flag(String name, Optional<Boolean> value) {
        value.ifPresent(v -> flag(name, v));
        return this;
    }

    public Json object(String name, Runnable members) {
        write(() -> writer.name(name).beginObject());
        members.run();
        return write(() -> writer.endObject());
    }

    /** An array with an object for each item. */
    public <T> Json objects(String name, Iterable<T> items, Consumer<T> members) {
        write(() -> writer.name(name).beginArray());
        for (T item : items) {
            write(() -> writer.beginObject());
            members.accept(item);
            write(() -> writer.endObject());
        }
        return write(() -> writer.endArray());
    }

    /** An array with a string for each item. */
    public Json texts(String name, Iterable<?> items) {
        write(() -> writer.name(name).beginArray());
        for (Object item : items) {
            write(() -> writer.value(item.toString()));
        }
        return write(() -> writer.endArray());
    }

    /** Ends the object; the text of it. */
    String end() {
        write(() -> writer.endObject());
        return text.toString();
    }

    private Json write(Step step) {
        try {
            step.run();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e); // into memory: it does not happen
        }
    }

    /** A call of the writer. */
    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }
}
