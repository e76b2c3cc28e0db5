// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff;

import io.github.kpatch.build.diff.KpatchSections.CallbackKind;
import io.github.kpatch.build.diff.Reference.Inside;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the author of a patch asks for by the macros of {@code kpatch-macros.h}, which leave pointers in sections. */
final class AuthorRequests {
    /** A function to call when the patch is applied or taken back. */
    record Callback(CallbackKind kind, Atom function) {}

    private static final String IGNORED_FUNCTIONS = ".kpatch.ignore.functions";
    private static final String IGNORED_SECTIONS = ".kpatch.ignore.sections";

    /** Functions that may be replaced although they are in use: a consistency that livepatch has, and keeps to. */
    private static final String FORCED = ".kpatch.force";

    private static final Map<String, CallbackKind> CALLBACKS = new TreeMap<>();

    static {
        for (CallbackKind kind : CallbackKind.values()) {
            CALLBACKS.put(".kpatch.callbacks." + kind.label(), kind);
        }
    }

    private final List<Callback> callbacks = new ArrayList<>();
    private final Set<Atom> functions = new LinkedHashSet<>();
    private final Set<String> sections = new HashSet<>();
    private final Set<String> unknown = new TreeSet<>();

    private AuthorRequests() {}

    static AuthorRequests read(Atoms patched) {
        AuthorRequests requests = new AuthorRequests();
        for (Atom atom : patched.all()) {
            if (SectionNames.isForPatch(atom.section().name())) {
                for (Reference reference : atom.references()) {
                    if (reference.target() instanceof Inside inside) {
                        requests.add(atom.section().name(), inside);
                    }
                }
            }
        }
        return requests;
    }

    private void add(String section, Inside target) {
        CallbackKind kind = CALLBACKS.get(section);
        if (kind != null
                && target.atom().is(Atom.Kind.FUNCTION)
                && target.atom().symbol().isPresent()) {
            callbacks.add(new Callback(kind, target.atom()));
        } else if (section.equals(IGNORED_FUNCTIONS)) {
            functions.add(target.atom());
        } else if (section.equals(IGNORED_SECTIONS)) {
            sections.add(stringAt(target));
        } else if (!section.equals(FORCED)) {
            unknown.add(section);
        }
    }

    private static String stringAt(Inside target) {
        String text = new String(target.atom().bytes(), StandardCharsets.UTF_8);
        int start = (int) Math.max(0, Math.min(target.place(), text.length()));
        int end = text.indexOf('\0', start);
        return text.substring(start, end < 0 ? text.length() : end);
    }

    List<Callback> callbacks() {
        return callbacks;
    }

    /** Sections of macros that older tools knew, such as those of hooks. */
    Set<String> unknown() {
        return unknown;
    }

    boolean isIgnored(Atom function) {
        return functions.contains(function) || isIgnored(function.section().name());
    }

    boolean isIgnored(String section) {
        return sections.contains(section);
    }
}
