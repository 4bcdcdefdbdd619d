#!/usr/bin/env bash
# Installs what building needs; with --tests, also what `make test` and `make check` need.
#
# Usage: Scripts/setup.sh [--tests]
#
# Looks first, and does nothing where all is there. As root on Debian and its relatives it installs what is missing;
# elsewhere it prints what to install and exits 1.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv=$root/.build/venv
swift_wanted=6.1

tests=no
case ${1-} in
'') ;;
--tests) tests=yes ;;
*)
    echo "usage: Scripts/setup.sh [--tests]" >&2
    exit 64
    ;;
esac

has() { command -v "$1" >/dev/null 2>&1; }
has_library() { has pkg-config && pkg-config --exists "$1"; }
# Linked into heapdump, for which the archive is needed: some distributions have it in a package of its own. Where it is,
# pkg-config does not always know: Debian's libzstd says /usr/lib.
has_static_library() {
    local directory
    has_library "$1" || return 1
    for directory in "$(pkg-config --variable=libdir "$1")" "/usr/lib/$(uname -m)-linux-gnu" /usr/lib64 /usr/lib; do
        [[ ! -f $directory/$2 ]] || return 0
    done
    return 1
}
has_venv() { has python3 && python3 -c 'import ensurepip, venv' 2>/dev/null; }
# Whoever ships the headers: Debian's libnode-dev and other packagings of Node own the same files, and exclude each other.
has_node_headers() { [[ -f /usr/include/node/node_api.h || -f /usr/local/include/node/node_api.h ]]; }

packages=() # Debian's names
needs=()    # the same for people on other distributions
need() {    # Debian package, what it is for, test…
    local package=$1 what=$2
    shift 2
    if ! "$@"; then
        packages+=("$package")
        needs+=("$what")
    fi
}

look() {
    packages=()
    needs=()
    need pkg-config 'pkg-config' has pkg-config
    need libunwind-dev 'libunwind and its headers, with libunwind-x86_64.a' has_static_library libunwind-generic libunwind-x86_64.a
    need liblzma-dev 'liblzma (xz), with liblzma.a' has_static_library liblzma liblzma.a
    need zlib1g-dev 'zlib and its headers, with libz.a' has_static_library zlib libz.a
    need libzstd-dev 'libzstd and its headers, with libzstd.a' has_static_library libzstd libzstd.a
    need libsqlite3-dev 'SQLite and its headers, with libsqlite3.a' has_static_library sqlite3 libsqlite3.a
    need libnode-dev "Node's headers (node/node_api.h)" has_node_headers
    need binutils 'binutils (readelf)' has readelf
    need make 'GNU make' has make
    need git 'git' has git
    need python3 'Python 3.9 or newer' has python3
    need python3-venv "Python's venv and ensurepip" has_venv
    [[ $tests == yes ]] || return 0
    need chromium 'Chromium or Chrome, for its DevTools' has_chromium
    need musl "musl's dynamic loader" has_musl
    need iproute2 'ip, of iproute2' has ip
    need util-linux 'setpriv and unshare, of util-linux' has_util_linux
    need shellcheck 'ShellCheck' has shellcheck
    need libjemalloc2 'jemalloc' has_allocator libjemalloc
    need libtcmalloc-minimal4 'tcmalloc' has_allocator libtcmalloc_minimal
    need libmimalloc2.0 'mimalloc' has_allocator libmimalloc
    need debootstrap 'debootstrap' has debootstrap
    need qemu-user-static 'qemu-aarch64-static, of QEMU' has qemu-aarch64-static
    need gcc-aarch64-linux-gnu 'a C compiler for arm64' has aarch64-linux-gnu-gcc
    need libc6-dev-arm64-cross 'the C library for arm64, with its headers' has_arm64_headers
    need libstdc++6-arm64-cross 'the C++ library for arm64' has_arm64_library
}
has_allocator() { compgen -G "/usr/lib/$(uname -m)-linux-gnu/$1.so*" >/dev/null; }
has_musl() { [[ -e /lib/ld-musl-$(uname -m).so.1 ]]; }
has_chromium() { has chromium || has chromium-browser || has google-chrome; }
# Which the compiler only recommends.
has_arm64_headers() { [[ -e /usr/aarch64-linux-gnu/include/stdlib.h ]]; }
has_arm64_library() { [[ -e /usr/aarch64-linux-gnu/lib/libstdc++.so.6 ]]; }
has_util_linux() { has setpriv && has unshare; }

install_packages() {
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300) log
    echo "setup: installing ${packages[*]}" >&2
    # dpkg tells of every file it unpacks: worth reading only when it fails.
    log=$("${apt[@]}" update 2>&1 && "${apt[@]}" install -y --no-install-recommends "${packages[@]}" 2>&1) || {
        echo "$log" >&2
        echo "setup: apt-get failed" >&2
        exit 1
    }
}

look
if [[ ${#packages[@]} -gt 0 ]]; then
    if ! has apt-get; then
        echo "setup: please install with your package manager:" >&2
        printf '  %s\n' "${needs[@]}" >&2
        exit 1
    elif [[ $(id -u) -ne 0 ]]; then
        echo "setup: please run as root:" >&2
        echo "  apt-get update" >&2
        echo "  apt-get install -y --no-install-recommends ${packages[*]}" >&2
        exit 1
    fi
    install_packages
    look
    if [[ ${#packages[@]} -gt 0 ]]; then
        echo "setup: still missing after apt-get: ${needs[*]}" >&2
        exit 1
    fi
fi

if ! has swift; then
    echo "setup: Swift is missing. heapdump needs Swift $swift_wanted or newer, which no Debian package brings:" >&2
    echo "  see https://www.swift.org/install/linux" >&2
    exit 1
fi
swift_version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p')
if [[ $(printf '%s\n' "$swift_wanted" "$swift_version" | sort -V | head -n 1) != "$swift_wanted" ]]; then
    echo "setup: Swift ${swift_version:-of an unknown version} is too old: heapdump needs $swift_wanted or newer," >&2
    echo "  see https://www.swift.org/install/linux" >&2
    exit 1
fi

if [[ $tests == yes ]]; then
    requirements=$root/Scripts/requirements-tests.txt
    mkdir -p "$root/.build"
    exec 9>"$root/.build/.venv.lock"
    flock 9
    # The copy is written last: it vouches for a complete environment, as long as its Python is still the system's.
    if ! { cmp -s "$requirements" "$venv/installed.txt" && "$venv/bin/python" -c 'import websockets'; }; then
        echo "setup: making $venv" >&2
        python3 -m venv --clear "$venv"
        "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: -r "$requirements" >&2
        cp "$requirements" "$venv/installed.txt"
    fi
    exec 9>&-
    "$root/Scripts/node-versions.sh"
    "$root/Scripts/roots.sh"
elif ! has node; then
    # The demo runs on the tests' newest, then.
    "$root/Scripts/node-versions.sh" 24
fi
