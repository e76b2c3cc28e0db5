# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What the scripts share.

cache=${KPATCH_VM_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/kpatch-vm}
lib=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
# shellcheck disable=SC2034
project=$(dirname "$(dirname "$lib")")
program=$(basename "$0")

die() {
    printf '%s: %s\n' "$program" "$*" >&2
    exit "${status:-125}"
}

as_root() {
    if ((EUID == 0)); then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "as root, run: $*"
    fi
}

install_packages() {
    printf '%s: installing %s\n' "$program" "$*"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# Prints the directory of a kernel by its short name: release, vmlinuz,
# initramfs and, below tree/, its modules and headers.
kernel_dir() {
    local dir=$cache/kernels/$1
    [[ $1 != */* && -e $dir/release ]] || {
        local known
        known=$(cd "$cache/kernels" 2>/dev/null && printf '%s ' */release) || known=
        die "no kernel $1 here (there are: ${known//\/release/}); run scripts/setup"
    }
    printf '%s\n' "$dir"
}

# The guest's half of vm-io and its init script, in an initramfs whose name
# changes with them.
vm_io() {
    local sum bin
    sum=$(cksum <"$lib/vm-io.c")
    bin=$cache/bin/vm-io-${sum%% *}
    if [[ ! -x $bin ]]; then
        mkdir -p "$cache/bin"
        gcc -O2 -Wall -static -o "$bin.$$" "$lib/vm-io.c"
        mv "$bin.$$" "$bin"
    fi
    printf '%s\n' "$bin"
}

initramfs() {
    local dir=$1 bin release sum image work path module name n=0
    bin=$(vm_io)
    release=$(<"$dir/release")
    sum=$(cat "$lib"/vm-init* "$lib/vm-dracut" "$lib/common.sh" | cksum)
    image=$dir/initramfs-${sum%% *}-${bin##*-}.cpio
    if [[ ! -e $image ]]; then
        work=$(mktemp -d)
        # All in a directory of its own, and no init, so that it can be put behind another initramfs.
        install -D -m755 "$(command -v busybox)" "$work/kpatch-vm/busybox"
        install -m755 "$bin" "$work/kpatch-vm/vm-io"
        install -m755 "$lib/vm-init" "$work/kpatch-vm/vm-init"
        install -D -m644 "$lib/vm-initramfs-tools" "$work/scripts/kpatch-vm"
        install -D -m755 "$lib/vm-dracut" "$work/usr/lib/dracut/hooks/mount/00-kpatch-vm.sh"
        install -D -m755 <(echo 'rootok=1') "$work/usr/lib/dracut/hooks/cmdline/99-kpatch-vm.sh"
        mkdir "$work/kpatch-vm/modules"
        while read -r path; do
            module=$path
            [[ $path != *.xz ]] || { xz -dc "$path" >"$work/module.ko"; module=$work/module.ko; }
            name=$(basename "$path")
            name=${name%%.*}
            printf -v n '%02d' "$((10#$n + 1))"
            cp "$module" "$work/kpatch-vm/modules/$n.${name//-/_}"
            rm -f "$work/module.ko"
        done < <(PATH=$PATH:/usr/sbin:/sbin modprobe -d "$dir/tree/usr" -S "$release" --show-depends -a \
                     virtio_pci virtio_console 9pnet_virtio 9p overlay virtio_blk ext4 | awk '$1 == "insmod" && !seen[$2]++ { print $2 }')
        [[ $n != 0 ]] || die "found none of the modules that kernel $release needs"
        (cd "$work" && find . -mindepth 1 | cpio -o -H newc --quiet) >"$image.$$"
        rm -f "$dir"/initramfs-*.cpio
        mv "$image.$$" "$image"
        rm -rf "$work"
    fi
    printf '%s\n' "$image"
}
