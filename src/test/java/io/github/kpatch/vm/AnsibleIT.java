// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

/** The Ansible collection, run by the distribution's ansible-core on a host with a real kernel. */
@ParameterizedClass(autoCloseArguments = false)
@ArgumentsSource(FirstGuest.class)
class AnsibleIT {
    /** Where systemd is not running, as in an image that is being made. */
    private static final String PLAY = "env SYSTEMD_OFFLINE=1 ANSIBLE_PIPELINING=1 ANSIBLE_NOCOLOR=1"
            + " ANSIBLE_COLLECTIONS_PATH=$PWD/target/kpatch/share/ansible/collections"
            + " /usr/bin/ansible-playbook -i localhost, -e ansible_python_interpreter=/usr/bin/python3"
            + " -e modules=$M src/test/guest/playbook.yml";

    private final Guest guest;

    AnsibleIT(Guest guest) {
        this.guest = guest;
    }

    @BeforeEach
    void freshGuest() {
        guest.reset();
        guest.must("rm -rf /var/cache/kpatch;"
                + " cp target/kpatch/lib/systemd/system/kpatch.service /etc/systemd/system/");
    }

    @Test
    void theRoleBringsThingsAboutOnce() {
        guest.must("kpatch load $M/kpt-version-1.ko && kpatch install $M/kpt-version-1.ko");

        guest.run(PLAY + " --diff").succeeds().prints(" changed=3 ").prints("""
                        -    "installed": false,
                        -    "loaded": "no"
                        +    "installed": true,
                        +    "loaded": "enabled"
                        """);
        assertEquals("patched by kpt_cmdline_1", guest.must("cat /proc/cmdline"));
        assertEquals("enabled", guest.must("SYSTEMD_OFFLINE=1 systemctl is-enabled kpatch.service"));
        guest.run("kpatch list")
                .printsExactly(
                        "Loaded patch modules:",
                        "kpt_cmdline_1 [enabled]",
                        "",
                        "Installed patch modules:",
                        "kpt_cmdline_1 (" + guest.must("uname -r") + ")");

        guest.run(PLAY).succeeds().prints(" changed=0 ");
    }
}
