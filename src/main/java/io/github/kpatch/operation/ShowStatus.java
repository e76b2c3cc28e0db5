// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.kernel.LoadedObject;
import io.github.kpatch.kernel.LoadedPatch;
import io.github.kpatch.kernel.PatchInterface;
import io.github.kpatch.kernel.PatchState;
import io.github.kpatch.kernel.Taint;
import io.github.kpatch.module.Cve;
import io.github.kpatch.module.ModuleFile;
import io.github.kpatch.module.PatchModule;
import io.github.kpatch.operation.InstalledCopies.Installed;
import io.github.kpatch.store.InstalledModule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

/** How this machine stands: what its kernel runs, what it will run after a boot, and where the two differ. */
public final class ShowStatus {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final Host host;

    public ShowStatus(Host host) {
        this.host = host;
    }

    /** By what the kernel can be patched. */
    public enum Support {
        LIVEPATCH("livepatch"),
        CORE_MODULE("core-module"),
        NONE("none");

        private final String word;

        Support(String word) {
            this.word = word;
        }

        /** As programs read it. */
        public String word() {
            return word;
        }
    }

    /**
     * A loaded patch module.
     *
     * @param replaces whether it replaced those before it, where that shows
     * @param functions how many functions it patches
     * @param pending objects that it will patch once they are there
     * @param installed what is installed under its name
     * @param onHold whether that is on hold
     * @param fixes the known vulnerabilities that it fixes now: those that it names, if it is enabled and the same
     */
    public record Loaded(
            LoadedPatch patch,
            Optional<Boolean> replaces,
            int functions,
            List<String> pending,
            InstalledCopy installed,
            boolean onHold,
            List<Cve> fixes) {
        public Loaded {
            fixes = List.copyOf(fixes);
            pending = List.copyOf(pending);
        }
    }

    /**
     * The whole.
     *
     * @param loaded from the top of the stack down
     * @param onHold installed for this kernel, on hold, and not loaded
     * @param waiting otherwise installed for this kernel, and neither loaded nor replaced by what is
     * @param unswitched how many tasks have yet to switch, in a transition and for root
     * @param installed how many are installed for this kernel
     * @param transitionSince when the running transition began, as far as kpatch began it and for root
     * @param held what the boot guard holds back, as sentences
     * @param unreadable installed modules in which there is none to be read, as sentences
     */
    public record Status(
            String kernelVersion,
            Support support,
            List<Taint> taints,
            List<Loaded> loaded,
            List<InstalledModule> onHold,
            List<InstalledModule> waiting,
            int installed,
            OptionalInt unswitched,
            Optional<Instant> transitionSince,
            List<String> held,
            List<String> unreadable) {
        public Status {
            taints = List.copyOf(taints);
            loaded = List.copyOf(loaded);
            onHold = List.copyOf(onHold);
            waiting = List.copyOf(waiting);
            held = List.copyOf(held);
            unreadable = List.copyOf(unreadable);
        }
    }

    public Status read() {
        InstalledCopies installed = new InstalledCopies(host);
        Optional<PatchInterface> patches = host.patchInterface();
        List<Loaded> loaded = loaded(patches, installed);
        return new Status(
                host.kernel().version(),
                patches.map(p -> p.isCore() ? Support.CORE_MODULE : Support.LIVEPATCH)
                        .orElse(Support.NONE),
                host.kernel().taints(),
                loaded,
                onHold(loaded, installed),
                waiting(patches, loaded, installed),
                installed.all().size(),
                unswitched(patches),
                transitionSince(patches),
                BootGuard.heldHere(host),
                installed.unreadable());
    }

    /** Reads it every second and shows it, until it cannot be shown any more, or the process is interrupted. */
    public void watch(Predicate<Status> screen) {
        while (screen.test(read())) {
            host.machine().clock().sleep(BETWEEN_LOOKS);
        }
    }

    /**
     * Fails unless all that is installed for this kernel, but for what is on hold, is loaded, or replaced by what is,
     * and enabled.
     */
    public void requireAllInEffect() {
        InstalledCopies installed = new InstalledCopies(host);
        Optional<PatchInterface> patches = host.patchInterface();
        List<Loaded> loaded = loaded(patches, installed);
        List<String> missing = new ArrayList<>();
        waiting(patches, loaded, installed).forEach(module -> missing.add(module.fileName()));
        if (!missing.isEmpty()) {
            throw new KpatchException(
                    Failure.FAILED,
                    missing.size() + " of " + installed.all().size()
                            + " installed patch modules are not loaded (" + String.join(", ", missing)
                            + ")",
                    "'kpatch load --all' loads them, or says why not");
        }
        for (Loaded module : loaded) {
            PatchState state = module.patch().state();
            if (state.inTransition()) {
                throw new KpatchException(
                        Failure.FAILED,
                        module.patch().name() + " is " + state.text() + " and not in effect everywhere yet",
                        "'kpatch wait' waits for that");
            }
            if (module.onHold()) {
                continue;
            }
            if (state == PatchState.DISABLED && module.installed() != InstalledCopy.NONE) {
                throw new KpatchException(
                        Failure.FAILED,
                        module.patch().name() + " is installed, and loaded but disabled",
                        "'kpatch load " + module.patch().name() + "' enables it");
            }
            if (module.installed() == InstalledCopy.ANOTHER) {
                throw new KpatchException(
                        Failure.FAILED,
                        module.patch().name() + ": what is loaded is not what is installed by that name",
                        "unload it, and 'kpatch load --all'");
            }
        }
    }

    private List<Loaded> loaded(Optional<PatchInterface> patches, InstalledCopies installed) {
        return patches.map(p -> loaded(p, installed)).orElse(List.of());
    }

    private List<Loaded> loaded(PatchInterface patches, InstalledCopies installed) {
        List<Loaded> loaded = new ArrayList<>();
        for (LoadedPatch patch : PatchStack.topDown(patches, host.modules().all())) {
            int functions = 0;
            List<String> pending = new ArrayList<>();
            for (LoadedObject object : patches.objects(patch.name())) {
                functions += object.functions().size();
                if (!host.isPatched(object)) {
                    pending.add(object.name());
                }
            }
            InstalledCopies.Match match = installed.match(patch, patches);
            loaded.add(new Loaded(
                    patch,
                    patches.replaces(patch.name()).or(() -> match.module().flatMap(PatchModule::replace)),
                    functions,
                    pending,
                    match.copy(),
                    match.installed().filter(Installed::onHold).isPresent(),
                    match.fixes()));
        }
        return loaded;
    }

    private static List<InstalledModule> onHold(List<Loaded> loaded, InstalledCopies installed) {
        return installed.all().stream()
                .filter(module -> module.onHold() && !isLoaded(module, loaded))
                .map(Installed::module)
                .toList();
    }

    private static List<InstalledModule> waiting(
            Optional<PatchInterface> patches, List<Loaded> loaded, InstalledCopies installed) {
        List<Optional<PatchModule>> contents = new ArrayList<>();
        installed.all().forEach(module -> contents.add(module.file().map(ModuleFile::module)));
        List<InstalledModule> waiting = new ArrayList<>();
        for (int i = 0; i < installed.all().size(); i++) {
            Installed module = installed.all().get(i);
            if (!module.onHold()
                    && !isLoaded(module, loaded)
                    && Superseded.by(patches, contents.subList(i, contents.size()))
                            .isEmpty()) {
                waiting.add(module.module());
            }
        }
        return waiting;
    }

    private static boolean isLoaded(Installed module, List<Loaded> loaded) {
        return loaded.stream().anyMatch(l -> module.isNamed(l.patch().name()));
    }

    private OptionalInt unswitched(Optional<PatchInterface> patches) {
        Optional<LoadedPatch> patch = patches.flatMap(PatchInterface::inTransition);
        return patch.isPresent() && host.machine().userId() == 0
                ? OptionalInt.of(host.tasks().countUnswitched(patch.get().state() == PatchState.ENABLING))
                : OptionalInt.empty();
    }

    private Optional<Instant> transitionSince(Optional<PatchInterface> patches) {
        Optional<LoadedPatch> patch = patches.flatMap(PatchInterface::inTransition);
        return patch.isPresent() && host.machine().userId() == 0
                ? new ShowHistory(host).beginning(patch.get().name())
                : Optional.empty();
    }
}
