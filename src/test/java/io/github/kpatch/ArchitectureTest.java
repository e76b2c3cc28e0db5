// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The direction in which packages may know each other, and what each library and system facility is fenced into. */
class ArchitectureTest {
    private static final String BASE = "io.github.kpatch";

    /** What each package may use of the project, beside itself. Verb makes the commands, which is why cli sees them. */
    private static final Map<String, List<String>> MAY_USE = Map.ofEntries(
            entry("", List.of("cli", "cli.build", "build", "kernel", "kernel.jna", "module", "failure")),
            entry(
                    "cli.build",
                    List.of(
                            "cli",
                            "cli.json",
                            "build",
                            "build.diff",
                            "build.kbuild",
                            "build.source",
                            "elf.edit",
                            "kernel",
                            "failure")),
            entry("cli", List.of("cli.command", "cli.json", "operation", "kernel", "module", "failure")),
            entry(
                    "cli.json",
                    List.of(
                            "operation",
                            "build",
                            "build.diff",
                            "build.source",
                            "kernel",
                            "store",
                            "module",
                            "failure")),
            entry("cli.command", List.of("cli", "cli.json", "operation", "kernel", "store", "module")),
            entry("operation", List.of("kernel", "store", "module", "failure")),
            entry("build.symbols", List.of("kernel", "module", "elf", "failure")),
            entry(
                    "build",
                    List.of(
                            "build.diff",
                            "build.diff.x86",
                            "build.kbuild",
                            "build.klp",
                            "build.patch",
                            "build.source",
                            "build.symbols",
                            "elf.edit",
                            "elf",
                            "kernel",
                            "store",
                            "module",
                            "failure")),
            entry("build.klp", List.of("build.diff", "elf", "elf.edit")),
            entry("build.diff", List.of("elf", "elf.edit")),
            entry("build.diff.x86", List.of("build.diff", "elf", "elf.edit")),
            entry("build.kbuild", List.of("build.source", "kernel", "store", "module", "elf", "failure")),
            entry("kernel", List.of("module", "failure")),
            entry("kernel.jna", List.of("kernel", "module", "failure")),
            entry("build.patch", List.of("store", "module", "failure")),
            entry("build.source", List.of("kernel", "store", "module", "failure")),
            entry("store", List.of("module", "failure")),
            entry("module", List.of("elf")),
            entry("elf.edit", List.of("elf")),
            entry("elf", List.of()),
            entry("failure", List.of()));

    private final JavaClasses program = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(BASE);

    @Test
    void theRulesLookAtTheWholeProgram() {
        assertTrue(program.size() > 120, () -> program.size() + " classes");
        MAY_USE.keySet()
                .forEach(name -> assertTrue(
                        program.containPackage(packageOf(name)), () -> packageOf(name) + " is not there any more"));
        classes()
                .should()
                .resideInAnyPackage(MAY_USE.keySet().stream()
                        .map(ArchitectureTest::packageOf)
                        .toArray(String[]::new))
                .check(program);
    }

    @Test
    void packagesKnowOnlyWhatLiesBelowThem() {
        MAY_USE.forEach((name, others) -> mayUse(name, others).check(program));
    }

    @Test
    void theDirectionIsReallyHeld() {
        assertThrows(
                AssertionError.class,
                () -> mayUse("operation", List.of("kernel", "module", "failure"))
                        .check(program));
    }

    @Test
    void librariesStayWhereTheyBelong() {
        onlyIn("com.sun.jna..", "kernel.jna").check(program);
        onlyIn("picocli..", "cli", "cli.build", "cli.command").check(program);
        onlyIn("ch.qos.logback..", "cli").check(program);
        onlyIn("org.slf4j..", "", "cli", "cli.build", "kernel", "kernel.jna").check(program);
        onlyIn("com.google.gson..", "cli.json", "module").check(program);
        onlyIn("org.tukaani..", "module", "build.symbols").check(program);
        assertThrows(AssertionError.class, () -> onlyIn("picocli..", "cli").check(program));
    }

    @Test
    void theProcessAndItsStreamsBelongToMain() {
        noClasses()
                .that()
                .doNotHaveSimpleName("Main")
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(System.class, "getenv")
                .check(program);
        noClasses()
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(program);
        noClasses()
                .that()
                .doNotHaveSimpleName("SystemPrograms")
                .and()
                .doNotHaveSimpleName("SystemTools")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ProcessBuilder.class)
                .check(program);
    }

    private static ArchRule mayUse(String name, List<String> others) {
        String[] allowed = new String[others.size() + 1];
        allowed[0] = packageOf(name);
        for (int i = 0; i < others.size(); i++) {
            allowed[i + 1] = packageOf(others.get(i));
        }
        return noClasses()
                .that()
                .resideInAPackage(packageOf(name))
                .should()
                .dependOnClassesThat(resideInAPackage(BASE + "..").and(not(resideInAnyPackage(allowed))));
    }

    private static ArchRule onlyIn(String library, String... names) {
        String[] allowed = new String[names.length];
        for (int i = 0; i < names.length; i++) {
            allowed[i] = packageOf(names[i]);
        }
        return noClasses()
                .that()
                .resideOutsideOfPackages(allowed)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library);
    }

    private static String packageOf(String name) {
        return name.isEmpty() ? BASE : BASE + '.' + name;
    }
}
