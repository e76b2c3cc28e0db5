// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.kernel.Programs;
import io.github.kpatch.kernel.Roots;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

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

        String commandFor(String kernelVersion) {
            return String.join(" ", command) + " " + kernelVersion;
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
                        + " known; install one of them, or leave the option out"));
        if (!Files.exists(maker.hook())) {
            throw new KpatchException(
                    Failure.REFUSED,
                    "--early: " + maker.program() + " would leave the module out, as " + maker.hook()
                            + " is missing; install kpatch from its package, or leave the option out");
        }
    }

    /**
     * Makes the initramfs of a kernel, if that is on the machine; if it is yet to come, its installation makes it. Call
     * it with the DB's lock held, so that what is made last has what was installed last.
     *
     * @param state what is so if this fails
     */
    void makeInitramfs(String kernelVersion, String state) {
        if (!Files.isDirectory(host.machine().roots().kernelModules(kernelVersion))) {
            progress.note("kernel " + kernelVersion + " is not on this machine yet; its initramfs is made with it");
            return;
        }
        Optional<Maker> maker = maker();
        if (maker.isEmpty()) {
            throw new KpatchException(
                    Failure.FAILED,
                    state + "; neither update-initramfs nor dracut is installed to make it again: install one of them"
                            + " and run it for kernel " + kernelVersion);
        }
        progress.note("making the initramfs of kernel " + kernelVersion + " by "
                + maker.get().program());
        List<Object> before = images(kernelVersion);
        Programs.Outcome outcome = run(maker.get(), kernelVersion);
        List<Object> after = images(kernelVersion);
        if (outcome.status() == 0 && !after.isEmpty() && after.equals(before)) {
            throw new KpatchException(
                    Failure.FAILED,
                    state + "; '" + maker.get().commandFor(kernelVersion) + "' left that as it was ("
                            + lastLine(outcome) + "): run it again once that is mended");
        }
        if (outcome.status() != 0) {
            throw new KpatchException(
                    Failure.FAILED,
                    state + "; '" + maker.get().commandFor(kernelVersion) + "' failed (" + lastLine(outcome)
                            + "): run it again once that is mended");
        }
    }

    /** What tells one making of the initramfs from another, by where it usually is; empty where it is elsewhere. */
    private List<Object> images(String kernelVersion) {
        List<Object> images = new ArrayList<>();
        for (Path image : host.machine().roots().initramfs(kernelVersion)) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(image, BasicFileAttributes.class);
                images.add(List.of(image, attributes.lastModifiedTime(), Objects.requireNonNull(attributes.fileKey())));
            } catch (IOException e) {
                // there is none
            }
        }
        return images;
    }

    private Programs.Outcome run(Maker maker, String kernelVersion) {
        String[] words = new String[maker.command().size() + 1];
        maker.command().toArray(words);
        words[words.length - 1] = kernelVersion;
        return host.machine().programs().run(words).orElseGet(() -> new Programs.Outcome(127, "it is gone"));
    }

    private static String lastLine(Programs.Outcome outcome) {
        String output = outcome.output().strip();
        String line = output.substring(output.lastIndexOf('\n') + 1);
        return line.isEmpty() ? "exit status " + outcome.status() : line;
    }
}
