// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What to do about a failure is a part of its own, which programs read apart from the message: the sources are looked at. */
class HintTest {
    /** What makes a sentence, and which of its arguments the message is. */
    private static final Map<String, Integer> MAKERS =
            Map.of("new KpatchException", 1, "Sentence.of", 0, ".refused", 1);

    private static final Pattern CALL = Pattern.compile("(new KpatchException|Sentence\\.of|\\.refused)\\(");
    private static final Pattern SENTENCE = Pattern.compile("^(Sentence\\.of|new Sentence)\\(");
    private static final Pattern LITERAL = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)'");

    @Test
    void noMessageHasItsNextStepInItself() throws IOException {
        List<String> messages = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                messages.addAll(messages(Files.readString(file)));
            }
        }
        assertTrue(messages.size() > 200, () -> messages.size() + " messages");
        assertEquals(List.of(), messages.stream().filter(HintTest::hasNextStep).toList());
    }

    private static boolean hasNextStep(String message) {
        return LITERAL.matcher(message)
                .results()
                .anyMatch(literal -> literal.group().contains("; "));
    }

    private static List<String> messages(String source) {
        List<String> messages = new ArrayList<>();
        Matcher call = CALL.matcher(source);
        while (call.find()) {
            List<String> arguments = arguments(source.substring(call.end()));
            int message = MAKERS.getOrDefault(call.group(1), 0);
            if (message < arguments.size()
                    && !SENTENCE.matcher(arguments.get(message)).find()) {
                messages.add(arguments.get(message));
            }
        }
        return messages;
    }

    /** The arguments of a call, from behind its parenthesis on. */
    private static List<String> arguments(String source) {
        List<String> arguments = new ArrayList<>();
        Matcher literal = LITERAL.matcher(source);
        int depth = 0;
        int start = 0;
        for (int i = 0; depth >= 0; i++) {
            char c = source.charAt(i);
            if ((c == '"' || c == '\'') && literal.find(i)) {
                i = literal.end() - 1;
            }
            depth += "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
            if (depth < 0 || (depth == 0 && c == ',')) {
                arguments.add(source.substring(start, i).strip());
                start = i + 1;
            }
        }
        return arguments;
    }
}
