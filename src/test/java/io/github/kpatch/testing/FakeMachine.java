// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.testing;

import io.github.kpatch.cli.Environment;
import io.github.kpatch.cli.KpatchCli;
import io.github.kpatch.kernel.Clock;
import io.github.kpatch.kernel.Interrupts;
import io.github.kpatch.kernel.KernelLog;
import io.github.kpatch.kernel.Machine;
import io.github.kpatch.kernel.Programs;
import io.github.kpatch.kernel.Roots;
import io.github.kpatch.kernel.SystemCalls;
import io.github.kpatch.kernel.SystemLog;
import io.github.kpatch.kernel.jna.LibZstd;
import io.github.kpatch.module.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A machine below a directory, with a kernel that has state, on which the whole program runs in this process.
 *
 * <pre>{@code
 * FakeMachine machine = new FakeMachine(dir);
 * Path file = machine.file(patchModule("kpt_a").patches("vmlinux", "f"));
 * machine.run("load", file).succeeds().prints("loading patch module: " + file, ...);
 * }</pre>
 */
public final class FakeMachine implements Machine {
    private final Path home;
    private final Roots roots;
    private final FakeClock clock = new FakeClock();
    private final FakeLog log = new FakeLog();
    private final List<String> systemLog = new ArrayList<>();
    private final FakePrograms programs = new FakePrograms();
    private final FakeTools tools = new FakeTools();
    private final FakeInterrupts interrupts = new FakeInterrupts();
    private final FakeKernel kernel;
    private String architecture = "x86_64";
    private int userId;
    private boolean terminal;
    private Map<String, String> variables = Map.of("TERM", "xterm");

    /**
     * @param dir an empty directory: {@code root} below it stands for {@code /}, {@code home} for where the user is
     */
    public FakeMachine(Path dir) {
        roots = new Roots(dir.resolve("root"));
        home = dir.resolve("home");
        create(home);
        create(roots.root().resolve("run"));
        create(roots.root().resolve("var/lib"));
        userId = owner(home);
        kernel = new FakeKernel(roots, clock, log);
    }

    /** Runs a command line. */
    public Outcome run(Object... arguments) {
        return runOn(this, arguments);
    }

    /** Runs a command line on something that stands before this machine. */
    public Outcome runOn(Machine machine, Object... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = run(machine, out, err, arguments);
        return new Outcome(out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8), status);
    }

    /** Runs a command line with streams of the test's own. */
    public int run(OutputStream out, OutputStream err, Object... arguments) {
        return run(this, out, err, arguments);
    }

    private int run(Machine machine, OutputStream out, OutputStream err, Object... arguments) {
        String[] words = Stream.of(arguments).map(Object::toString).toArray(String[]::new);
        Environment environment = new Environment(logger -> machine, variables, terminal, terminal, true);
        try {
            return new KpatchCli(environment).run(words, out, err);
        } catch (FakeInterrupts.Ended e) {
            return 130;
        }
    }

    public FakeKernel kernel() {
        return kernel;
    }

    /** Where the user's files are. */
    public Path home() {
        return home;
    }

    /** Writes a module into the user's directory. */
    public Path file(PatchModuleBuilder module) {
        return module.writeTo(home);
    }

    /** Puts a module into the install DB as a package does, without kpatch. */
    public Path installed(String kernelVersion, PatchModuleBuilder module) {
        return module.writeTo(create(db(kernelVersion)));
    }

    public Path installed(PatchModuleBuilder module) {
        return installed(FakeKernel.VERSION, module);
    }

    /** The directory of the install DB for one kernel. */
    public Path db(String kernelVersion) {
        return roots.installDb().resolve(kernelVersion);
    }

    /** Writes a file below the machine's root. */
    public Path put(String path, String text) {
        new FakeTree(roots.root()).put(path, text.getBytes(StandardCharsets.UTF_8));
        return roots.root().resolve(path);
    }

    /** Removes its files, where many machines are made. */
    public void remove() {
        new FakeTree(home.resolveSibling(".").normalize()).remove("");
    }

    /** Standard output and standard error are terminals. */
    public FakeMachine onTerminal() {
        this.terminal = true;
        return this;
    }

    /** The environment variables, TERM among them. */
    public FakeMachine withVariables(Map<String, String> all) {
        this.variables = all;
        return this;
    }

    public FakeMachine withArchitecture(String name) {
        this.architecture = name;
        return this;
    }

    /** The user is somebody else than the owner of the files, who may do nothing. */
    public FakeMachine withUser(int uid) {
        this.userId = uid;
        return this;
    }

    @Override
    public Roots roots() {
        return roots;
    }

    @Override
    public SystemCalls systemCalls() {
        return kernel;
    }

    @Override
    public Zstd zstd() {
        return new LibZstd();
    }

    @Override
    public KernelLog kernelLog() {
        return log;
    }

    @Override
    public SystemLog systemLog() {
        return systemLog::add;
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public Programs programs() {
        return programs;
    }

    @Override
    public FakeTools tools() {
        return tools;
    }

    @Override
    public Interrupts interrupts() {
        return interrupts;
    }

    @Override
    public String architecture() {
        return architecture;
    }

    @Override
    public int userId() {
        return userId;
    }

    /** The clock, to let time pass. */
    public FakeClock time() {
        return clock;
    }

    /** The kernel's log, to look at. */
    public FakeLog dmesg() {
        return log;
    }

    /** What was left in the system's log. */
    public List<String> syslog() {
        return List.copyOf(systemLog);
    }

    /** The other programs, to put some there. */
    public FakePrograms path() {
        return programs;
    }

    /** The keyboard, to press Ctrl-C. */
    public FakeInterrupts keyboard() {
        return interrupts;
    }

    private static Path create(Path directory) {
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int owner(Path path) {
        try {
            return (Integer) Files.getAttribute(path, "unix:uid");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
