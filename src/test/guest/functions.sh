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

# Loads a patch module by the shell alone, till its transition is complete.
load_patch() {
    local name=${1##*/}
    name=${name%.ko}
    insmod "$1" || { dmesg | tail -n 5 >&2; return 1; }
    wait_until grep -q 0 "/sys/kernel/livepatch/$name/transition"
}

unload_patch() {
    echo 0 >"/sys/kernel/livepatch/$1/enabled"
    wait_until test ! -e "/sys/kernel/livepatch/$1"
    wait_until rmmod "$1"
}

# What the kernel log has that it would not have if all were well.
kernel_complaints() {
    dmesg | grep -iE 'warning|bug:|oops|call trace|unknown|duplicate|fail|error|invalid|livepatch: .*(not|missing)' |
        grep -v 'module verification failed' || true
}

# --- what source patches change, in src/test/patches

third_of_uptime() { awk '{ print NF == 3 ? $3 : "none" }' /proc/uptime; }
sixth_of_loadavg() { awk '{ print NF == 6 ? $6 : "none" }' /proc/loadavg; }

schedstats() { # 1 or 0
    echo "$1" >/proc/sys/kernel/sched_schedstats
    echo "$1" "$(grep -owE 'patched|wait_sum' /proc/self/sched | paste -sd ' ')" | sed 's/ $//'
}

# syslog(2) with each of the actions, and no buffer.
syslog_actions() {
    perl -e 'print join ",", map { my $r = syscall 103, $_, 0, 0; $r > 1024 ? "size" : $r } map { $_ + 0 } @ARGV' "$@"
}

# How often this shell and another one have read, together.
count_by_shadow() {
    sixth_of_loadavg >/tmp/.reads
    sixth_of_loadavg >>/tmp/.reads
    # shellcheck disable=SC2016 # expanded by the other shell
    bash -c "$(declare -f sixth_of_loadavg); sixth_of_loadavg >>/tmp/.reads; :"
    paste -sd ' ' /tmp/.reads
}

names() {
    mkdir -p /tmp/kpt/names
    touch /tmp/kpt/names/kpt_hidden /tmp/kpt/names/kpt_shown
    (cd /tmp/kpt/names && echo *)
}

doze() {
    cp /bin/sleep /tmp/kpt_doze
    timeout 3 /tmp/kpt_doze 60 && echo awake || echo asleep
}

# Who was the last at a message queue, a semaphore and shared memory, by what the kernel says.
last_users_of_ipc() {
    perl -e '
        my ($q, $s, $m) = (msgget(77, 01666), semget(77, 1, 01666), shmget(77, 4096, 01666));
        msgsnd($q, pack("l! a*", 1, "x"), 0) && semop($s, pack("s!3", 0, 1, 0)) && shmwrite($m, "x", 0, 1) or die $!;
        my $column = sub { open my $f, "<", "/proc/sysvipc/$_[0]"; (split " ", (<$f>)[1])[$_[1]] };
        my @last = ($column->("msg", 5), semctl($s, 0, 11, 0), $column->("shm", 5));
        msgctl($q, 0, 0); semctl($s, 0, 0, 0); shmctl($m, 0, 0);
        print join " ", map { $_ == $$ ? "self" : $_ == 1 ? "init" : $_ } @last'
}

set_oom_adj() (
    echo "$1" >/proc/self/oom_adj
    cat /proc/self/oom_score_adj
)

binfmt_misc_on() {
    modprobe binfmt_misc
    mkdir -p /tmp/binfmt
    mount -t binfmt_misc binfmt_misc /tmp/binfmt
    echo ':kpt:E::kpt::/bin/true:' >/tmp/binfmt/register
}

binfmt_misc_off() {
    ! mountpoint -q /tmp/binfmt || { echo -1 >/tmp/binfmt/kpt; umount /tmp/binfmt; }
    modprobe -r binfmt_misc
}

binfmt_misc_state() { head -n 1 /tmp/binfmt/kpt; }
