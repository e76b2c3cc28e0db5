// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.testing.fault;

import io.github.kpatch.kernel.Clock;
import io.github.kpatch.kernel.Interrupts;
import io.github.kpatch.kernel.KernelLog;
import io.github.kpatch.kernel.Machine;
import io.github.kpatch.kernel.Programs;
import io.github.kpatch.kernel.Roots;
import io.github.kpatch.kernel.SystemCallException;
import io.github.kpatch.kernel.SystemCalls;
import io.github.kpatch.kernel.SystemLog;
import io.github.kpatch.kernel.Tools;
import io.github.kpatch.module.FileIdentity;
import io.github.kpatch.module.Zstd;
import io.github.kpatch.testing.FakeMachine;
import io.github.kpatch.testing.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A machine as one process sees it, one of whose steps fails. */
public final class FaultyMachine implements Machine {
    /** The exit status by which a shell tells that a process was killed: 128 and the number of SIGKILL. */
    public static final int KILLED = 137;

    private final FakeMachine machine;
    private final Steps steps;
    private final Roots roots;

    public FaultyMachine(FakeMachine machine, Steps steps) {
        this.machine = machine;
        this.steps = steps;
        this.roots = new Roots(
                new FaultyFileSystem(steps).getPath(machine.roots().root().toString()));
    }

    /** Runs a command line to its end, or to where it is killed. */
    public Outcome run(List<String> arguments) throws IOException {
        Outcome outcome;
        try {
            outcome = machine.runOn(this, arguments.toArray());
        } catch (Steps.Killed e) {
            outcome = new Outcome("", "", KILLED);
        }
        if (!steps.isKilled() && steps.open() > 0) {
            throw new AssertionError(steps.open() + " files were left open");
        }
        steps.end();
        return outcome;
    }

    @Override
    public Roots roots() {
        return roots;
    }

    @Override
    public SystemCalls systemCalls() {
        return new SystemCalls() {
            @Override
            public void loadModule(Path file, boolean packed, Optional<FileIdentity> checked)
                    throws SystemCallException {
                steps.call("finit_module", file.toString());
                machine.systemCalls().loadModule(Path.of(file.toString()), packed, checked);
            }

            @Override
            public void loadModule(byte[] image) throws SystemCallException {
                steps.call("init_module", image.length + " bytes");
                machine.systemCalls().loadModule(image);
            }

            @Override
            public void removeModule(String name) throws SystemCallException {
                steps.call("delete_module", name);
                machine.systemCalls().removeModule(name);
            }

            @Override
            public void writeAttribute(Path attribute, String value) throws SystemCallException {
                steps.call("write", attribute + "=" + value);
                machine.systemCalls().writeAttribute(Path.of(attribute.toString()), value);
            }
        };
    }

    /** The log has no way to say that it cannot be had. */
    @Override
    public KernelLog kernelLog() {
        return new KernelLog() {
            @Override
            public Listener listen() {
                steps.fails("listen");
                return machine.kernelLog().listen();
            }

            @Override
            public void record(String line) {
                if (!steps.fails("record")) {
                    machine.kernelLog().record(line);
                }
            }
        };
    }

    /** Nor has syslog(3). */
    @Override
    public SystemLog systemLog() {
        return line -> {
            if (!steps.fails("syslog")) {
                machine.systemLog().record(line);
            }
        };
    }

    @Override
    public Zstd zstd() {
        return machine.zstd();
    }

    @Override
    public Programs programs() {
        return new Programs() {
            @Override
            public boolean has(String program) {
                return !steps.fails("access " + program) && machine.programs().has(program);
            }

            @Override
            public Optional<Programs.Outcome> run(String... command) {
                return steps.fails("execve " + command[0])
                        ? Optional.of(new Programs.Outcome(127, "Cannot run program: error=5"))
                        : machine.programs().run(command);
            }
        };
    }

    @Override
    public Clock clock() {
        return machine.clock();
    }

    @Override
    public Tools tools() {
        return machine.tools();
    }

    @Override
    public Interrupts interrupts() {
        return machine.interrupts();
    }

    @Override
    public String architecture() {
        return machine.architecture();
    }

    @Override
    public int userId() {
        return machine.userId();
    }
}
