// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import java.util.Optional;

/** What was loaded at this boot, and by whom. */
public final class ShowBoot {
    private final Host host;

    public ShowBoot(Host host) {
        this.host = host;
    }

    /**
     * What is known of it.
     *
     * @param service what systemd says of kpatch.service
     * @param result what the service came to, if it is on record and for root
     */
    public record Boot(Optional<String> service, Optional<BootResult> result) {}

    public Boot read() {
        return new Boot(service(), host.machine().userId() == 0 ? BootResult.read(host) : Optional.empty());
    }

    /** Empty where systemd is not the one that would load them: then its answer is a complaint, and not a word. */
    private Optional<String> service() {
        return host.machine()
                .programs()
                .run("systemctl", "is-active", "kpatch.service")
                .map(outcome -> outcome.output().strip())
                .filter(state -> !state.isEmpty() && state.indexOf(' ') < 0);
    }
}
