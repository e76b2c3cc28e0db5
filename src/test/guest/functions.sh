# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What the end-to-end tests do in the guest without kpatch.

# Brings the guest back to how it booted: nothing patched, nothing installed.
reset_guest() {
    [ ! -e /proc/kpt_target ] || echo release >/proc/kpt_target
    local tries=0 patch module modules
    while modules=$(awk '/^(kpt_|kpatch)/ { print $1 }' /proc/modules) && [ -n "$modules" ]; do
        for patch in /sys/kernel/livepatch/*/enabled; do
            # one transition at a time: the others are busy till the next round
            if grep -qs 1 "$patch"; then { echo 0 >"$patch"; } 2>/dev/null || true; fi
        done
        for module in $modules; do
            rmmod "$module" 2>/dev/null || true
        done
        tries=$((tries + 1))
        [ "$tries" -lt 300 ] || { echo "left: $modules" >&2; return 1; }
        sleep 0.1
    done
    rm -rf /var/lib/kpatch/* /var/lib/kpatch/.[!.]* /tmp/kpt
    mkdir -p /tmp/kpt
    chmod 755 /var/lib/kpatch
    echo 1 >/proc/sys/kernel/ftrace_enabled
}

# The state of a patch module by sysfs alone: enabled/transition, or "absent".
patch_state() {
    cat "/sys/kernel/livepatch/$1/enabled" "/sys/kernel/livepatch/$1/transition" 2>/dev/null | paste -sd/ || true
}

# Waits until a command succeeds, for at most 60 seconds.
wait_until() {
    local tries=0
    until "$@" >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ "$tries" -lt 600 ] || { echo "never came true: $*" >&2; return 1; }
        sleep 0.1
    done
}

# Runs a command where /sys/kernel has the core module's directory, and upstream livepatch is not to be seen.
without_livepatch() {
    # shellcheck disable=SC2016 # expanded by the inner shell
    unshare -m bash -c '
        mkdir -p /run/sys
        mount --bind /sys /run/sys
        mount -t tmpfs tmpfs /sys/kernel
        ln -s /run/sys/kernel/kpatch /sys/kernel/kpatch
        exec "$@"' sh "$@"
}
