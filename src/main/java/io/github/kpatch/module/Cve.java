// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a known vulnerability, {@code CVE-2024-1086}; in the order of the years, then of the numbers in them.
 *
 * @param year four digits
 * @param number four digits or more, of which those in front may be 0 (cve.org, "CVE ID syntax")
 */
public record Cve(int year, String number) implements Comparable<Cve> {
    private static final Pattern NAME = Pattern.compile("CVE-([0-9]{4})-([0-9]{4,19})");

    /** Possessive, since Java goes a stack frame deeper for each repetition that it may have to take back. */
    private static final Pattern NAMES = Pattern.compile("(?:CVE-[0-9]{4}-[0-9]{4,19}(?:[\\s,;]++|$))++");

    /** The one of that name. */
    static Optional<Cve> parse(String name) {
        Matcher matcher = NAME.matcher(name);
        return matcher.matches()
                ? Optional.of(new Cve(Integer.parseInt(matcher.group(1)), matcher.group(2)))
                : Optional.empty();
    }

    /**
     * Those that the modinfo fields {@code cve} name, each once: one in each field, or several in one. A field with
     * other words in it may say that something is not fixed, and counts for nothing.
     */
    static List<Cve> in(List<ModinfoField> fields) {
        TreeSet<Cve> found = new TreeSet<>();
        for (ModinfoField field : fields) {
            if (field.key().equals("cve") && NAMES.matcher(field.value()).matches()) {
                Matcher matcher = NAME.matcher(field.value());
                while (matcher.find()) {
                    found.add(new Cve(Integer.parseInt(matcher.group(1)), matcher.group(2)));
                }
            }
        }
        return new ArrayList<>(found);
    }

    @Override
    public int compareTo(Cve other) {
        int byYear = Integer.compare(year, other.year);
        int byLength = byYear != 0 ? byYear : Integer.compare(number.length(), other.number.length());
        return byLength != 0 ? byLength : number.compareTo(other.number);
    }

    @Override
    public String toString() {
        return "CVE-" + year + "-" + number;
    }
}
