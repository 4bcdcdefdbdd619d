#!/usr/bin/env bash
# Puts file systems of older distributions at .build/roots/<name> for the integration tests, which enter them by chroot(8).
#
# Usage: Scripts/roots.sh
#
# debian-11 has glibc 2.31; debian-12 has Debian's own Node, a program that starts Node of a library (libnode.so).
# They come as Debian packages, through the mirror that apt uses here. Elsewhere the tests that need them are left out.
set -euo pipefail

# name      suite     packages that are asked for            of these (all if empty)
roots='
debian-11  bullseye  libstdc++6  libc6,libcrypt1,libgcc-s1,gcc-10-base,libstdc++6
debian-12  bookworm  nodejs      -
'

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
places=$root/.build/roots

fail() {
    echo "roots: $*" >&2
    exit 1
}

make_root() { # name, suite, packages, those that are kept
    local name=$1 suite=$2 packages=$3 kept=$4 staged=$work/$1 log=$work/$1.log package file
    echo "roots: getting Debian's $suite" >&2
    # Downloads and verifies; nothing of it is run here.
    debootstrap --download-only --variant=minbase --include="$packages" "$suite" "$work/packages-$name" "${mirror[@]}" \
        >"$log" 2>&1 || {
        tail -n 5 "$log" >&2
        fail "debootstrap could not get $suite"
    }
    mkdir -p "$staged"
    for file in "$work/packages-$name/var/cache/apt/archives"/*.deb; do
        package=${file##*/}
        package=${package%%_*}
        if [[ $kept == - || ,$kept, == *,$package,* ]]; then dpkg-deb --extract "$file" "$staged"; fi
    done
    mkdir -p "$staged/etc" "$staged/proc" "$staged/dev" "$staged/tmp"
    printf 'root:x:0:0:root:/root:/bin/sh\n' >"$staged/etc/passwd"
    # Name services that a static program cannot load.
    printf 'passwd: compat systemd\ngroup: compat systemd\n' >"$staged/etc/nsswitch.conf"
    mv "$staged" "$places/$name"
}

missing=()
while read -r name suite packages kept; do
    if [[ -n $name && ! -d $places/$name ]]; then missing+=("$name $suite $packages $kept"); fi
done <<<"$roots"
[[ ${#missing[@]} -gt 0 ]] || exit 0

if [[ $(dpkg --print-architecture 2>/dev/null) != amd64 || $(id -u) -ne 0 ]] || ! command -v debootstrap >/dev/null; then
    echo 'roots: left out, this takes root, x86-64, dpkg and debootstrap' >&2
    exit 0
fi
# Debian itself knows a mirror; debootstrap has one for everybody else.
mirror=()
if grep -q '^ID=debian$' /etc/os-release; then
    # shellcheck disable=SC2016 # apt-get expands it
    mapfile -t mirror < <(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Component: main' 2>/dev/null |
        grep -v security | head -n 1)
fi
mkdir -p "$places"
exec 9>"$places/.lock"
flock 9
rm -rf "$places"/.new.*
work=$(mktemp -d "$places/.new.XXXXXX")
trap 'rm -rf "$work"' EXIT
for row in "${missing[@]}"; do
    read -r name suite packages kept <<<"$row"
    [[ -d $places/$name ]] || make_root "$name" "$suite" "$packages" "$kept"
done
