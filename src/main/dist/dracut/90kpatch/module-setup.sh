#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# For dracut.modules(7): puts the patch modules of 'kpatch install --early' into the initramfs.
# shellcheck disable=SC2154 # dracut sets kernel, initdir and moddir

check() {
    [[ -e /var/lib/kpatch/.kpatch/early/$kernel ]] || return 255
}

install() {
    inst_multiple insmod rmmod sleep
    inst_simple /usr/lib/kpatch/early-load
    inst_hook pre-udev 01 "$moddir/kpatch.sh"
    /usr/lib/kpatch/early-copy "$kernel" "$initdir"
}
