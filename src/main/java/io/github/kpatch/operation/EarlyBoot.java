// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.kernel.Programs;
import io.github.kpatch.kernel.Roots;
import io.github.kpatch.module.FileIdentity;
import io.github.kpatch.module.FileKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The initramfs, from which a patch module can be loaded before the root file system is there. A program of the
 * distribution's makes it, and a hook of kpatch's puts the modules in.
 */
final class EarlyBoot {
    private final Host host;
    private final Progress progress;

    EarlyBoot(Host host, Progress progress) {
        this.host = host;
        this.progress = progress;
    }

    /**
     * A program that makes the initramfs.
     *
     * @param hook kpatch's part of it, without which it leaves the modules out
     * @param command how to call it, but for the kernel's version
     */
    private record Maker(Path hook, List<String> command) {
        String program() {
            return command.get(0);
        }

        String[] commandFor(String kernelVersion) {
            return Stream.concat(command.stream(), Stream.of(kernelVersion)).toArray(String[]::new);
        }
    }

    private List<Maker> makers() {
        Roots roots = host.machine().roots();
        return List.of(
                new Maker(roots.initramfsToolsHook(), List.of("update-initramfs", "-u", "-k")),
                new Maker(roots.dracutModule(), List.of("dracut", "--force", "--kver")));
    }

    private Optional<Maker> maker() {
        for (Maker maker : makers()) {
            if (host.machine().programs().has(maker.program())) {
                return Optional.of(maker);
            }
        }
        return Optional.empty();
    }

    /** Refuses a machine whose initramfs kpatch cannot have made. */
    void requireMaker() {
        Maker maker = maker().orElseThrow(() -> new KpatchException(
                Failure.REFUSED,
                "--early: neither update-initramfs nor dracut is installed, and nothing else that makes an initramfs is"
                        + " known",
                "install one of them, or leave the option out"));
        if (!Files.exists(maker.hook())) {
            throw new KpatchException(
                    Failure.REFUSED,
                    "--early: " + maker.program() + " would leave the module out, as " + maker.hook() + " is missing",
                    "install kpatch from its package, or leave the option out");
        }
    }

    /**
     * Makes the initramfs of a kernel, if that is on the machine; if it is yet to come, its installation makes it. Call
     * it with the DB's lock held, so that what is made last has what was installed last.
     *
     * @param state what is so if this fails
     */
    void makeInitramfs(String kernelVersion, String state) {
        if (!isHere(kernelVersion, state)) {
            progress.note("kernel " + kernelVersion + " is not on this machine yet; its initramfs is made with it");
            return;
        }
        Optional<Maker> maker = maker();
        if (maker.isEmpty()) {
            throw new KpatchException(
                    Failure.FAILED,
                    state,
                    "neither update-initramfs nor dracut is installed to make it again: install one of them"
                            + " and run it for kernel " + kernelVersion);
        }
        progress.note("making the initramfs of kernel " + kernelVersion + " by "
                + maker.get().program());
        Map<Path, FileIdentity> before = images(kernelVersion);
        Programs.Outcome outcome = host.machine()
                .programs()
                .run(maker.get().commandFor(kernelVersion))
                .orElseGet(() -> new Programs.Outcome(127, "it is gone"));
        Map<Path, FileIdentity> after = images(kernelVersion);
        boolean leftAsItWas = !after.isEmpty() && after.equals(before);
        if (outcome.status() != 0 || leftAsItWas) {
            throw new KpatchException(
                    Failure.FAILED,
                    state,
                    "'" + String.join(" ", maker.get().commandFor(kernelVersion)) + "' "
                            + (outcome.status() != 0 ? "failed" : "left that as it was") + " (" + lastLine(outcome)
                            + "): run it again once that is mended");
        }
    }

    private boolean isHere(String kernelVersion, String state) {
        Path modules = host.machine().roots().kernelModules(kernelVersion);
        try {
            return FileKind.of(modules) == FileKind.DIRECTORY;
        } catch (IOException e) {
            throw new KpatchException(
                    Failure.FAILED,
                    state,
                    "whether that kernel is here cannot be seen (" + e.getMessage()
                            + "): make its initramfs again once it can",
                    e);
        }
    }

    /** The initramfs of a kernel as it is now, where it usually is; empty where it is elsewhere. */
    private Map<Path, FileIdentity> images(String kernelVersion) {
        Map<Path, FileIdentity> images = new HashMap<>();
        for (Path image : host.machine().roots().initramfs(kernelVersion)) {
            try {
                images.put(image, FileIdentity.of(image));
            } catch (IOException e) {
                // there is none
            }
        }
        return images;
    }

    private static String lastLine(Programs.Outcome outcome) {
        String output = outcome.output().strip();
        String line = output.substring(output.lastIndexOf('\n') + 1);
        return line.isEmpty() ? "exit status " + outcome.status() : line;
    }
}
