// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

/**
 * Text of metrics that both the OpenMetrics 1.0 parsers and the older Prometheus ones read, as node_exporter's is: all
 * are gauges, which the two write alike.
 */
public final class OpenMetrics {
    private final StringBuilder text = new StringBuilder();
    private String family = "";

    /** Begins a metric family, whose samples follow. */
    public OpenMetrics family(String name, String help) {
        family = name;
        text.append("# TYPE ").append(name).append(" gauge\n");
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        return this;
    }

    /**
     * A sample of the family.
     *
     * @param labels names and values in turns
     */
    public OpenMetrics sample(long value, String... labels) {
        text.append(family);
        for (int i = 0; i < labels.length; i += 2) {
            text.append(i == 0 ? '{' : ',').append(labels[i]).append("=\"");
            text.append(escaped(labels[i + 1])).append('"');
        }
        text.append(labels.length == 0 ? "" : "}").append(' ').append(value).append('\n');
        return this;
    }

    /** The whole text. */
    public String end() {
        return text.append("# EOF\n").toString();
    }

    /** What could end the value or the line; what could do harm in a terminal is no metric's business. */
    private static String escaped(String value) {
        return SafeText.of(value).replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
