// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.store;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Something that was done, as one line of facts, {@code key=value key="a value"}: only printable ASCII, whatever is in
 * them.
 *
 * @param time to the second
 * @param facts by keys of small letters and digits, in the order in which they are written
 */
public record HistoryEntry(Instant time, Map<String, String> facts) {
    private static final String TIME = "time";
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@%+,-]+");
    private static final Pattern FACT =
            Pattern.compile("([a-z0-9]+)=(?:\"((?:[^\"\\\\]++|\\\\.)*+)\"|([^ \"]+))(?: |$)");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:u([0-9a-f]{4})|(.))");

    public HistoryEntry {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    /** The value of a fact, where there is one. */
    public Optional<String> fact(String key) {
        return Optional.ofNullable(facts.get(key));
    }

    /** The facts as a line. */
    public String line() {
        StringBuilder line = new StringBuilder();
        facts.forEach((key, value) ->
                line.append(line.isEmpty() ? "" : " ").append(key).append('=').append(quoted(value)));
        return line.toString();
    }

    /** The line with the time before it. */
    String timedLine() {
        return TIME + '=' + time + ' ' + line();
    }

    /** Reads {@link #timedLine}; empty for what is torn or damaged. */
    static Optional<HistoryEntry> parse(String line) {
        Map<String, String> facts = new LinkedHashMap<>();
        Matcher fact = FACT.matcher(line);
        int end = 0;
        while (fact.find() && fact.start() == end) {
            String quoted = fact.group(2);
            facts.put(fact.group(1), quoted == null ? fact.group(3) : unescaped(quoted));
            end = fact.end();
        }
        String time = facts.remove(TIME);
        if (time == null || end < line.length()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new HistoryEntry(Instant.parse(time), facts));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static String quoted(String value) {
        if (PLAIN.matcher(value).matches()) {
            return value;
        }
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' || c > '~') {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c == '"' || c == '\\' ? "\\" : "").append(c);
            }
        }
        return quoted.append('"').toString();
    }

    private static String unescaped(String quoted) {
        return ESCAPE.matcher(quoted).replaceAll(escape -> {
            String text = escape.group(1) == null
                    ? escape.group(2)
                    : String.valueOf((char) Integer.parseInt(escape.group(1), 16));
            return Matcher.quoteReplacement(text);
        });
    }
}
