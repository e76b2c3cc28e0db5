# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# For the demos: each step is a caption, the command as one would type it, and
# what the command prints.

bold='' dim='' plain='' pause=0
if [[ -t 1 ]]; then
    pause=1
    if [[ ! ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]]; then
        bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m'
    fi
fi

step() { # caption, then commands, each as one argument
    local command
    printf '\n%s%s%s\n' "$dim" "$1" "$plain"
    shift
    for command; do
        printf '%s# %s%s\n' "$bold" "$command" "$plain"
        eval "$command"
        sleep "$pause"
    done
}
