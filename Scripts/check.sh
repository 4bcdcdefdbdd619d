#!/usr/bin/env bash
# What a change must pass beside its tests. Run by `make check`, after Scripts/setup.sh --tests.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
binary=.build/release/heapdump

step() { echo "check: $*"; }
fail() {
    echo "check: $*" >&2
    exit 1
}

# New files too, before they are committed.
ours() { git ls-files --cached --others --exclude-standard "$@"; }

step 'format of the Swift sources'
swift format lint --strict --parallel --recursive Package.swift Sources Tests Fuzz

step 'no warnings in our own modules'
# Package.swift turns our warnings into errors where this is set; a dependency's own are not ours to judge.
HEAPDUMP_STRICT=1 swift build --build-tests

step 'the kernel is called in its own room'
# Sources/Linux retries what a signal interrupted, sleeps, starts threads and words errors: once for all.
if grep -rnE 'strerror\(|pthread_create|pollfd|== EINTR' --include='*.swift' Sources | grep -v '^Sources/Linux/'; then
    fail 'the lines above call what Sources/Linux has a call for'
fi

step 'the release binary stands alone'
[[ -x $binary ]] || fail "$binary is missing: run make build"
if grep -E 'INTERP|NEEDED' <<<"$(readelf --program-headers --dynamic --wide "$binary" 2>&1)"; then
    fail "$binary needs the libraries above"
fi
if grep '\.symtab' <<<"$(readelf --sections --wide "$binary")"; then
    fail "$binary is not stripped"
fi

step 'the agent for arm64'
make --no-print-directory CC=aarch64-linux-gnu-gcc AGENT=.build/agent-arm64 .build/agent-arm64/heapdump.node \
    .build/agent-arm64/visit.so

step 'the fuzzers build, and find nothing at once'
Scripts/fuzz.sh 2 >.build/fuzz.log 2>&1 || fail 'see .build/fuzz.log'

step 'shell scripts'
ours -z -- '*.sh' .ci/run | xargs -0 shellcheck

step 'Python scripts'
ours -z -- '*.py' | xargs -0 python3 -c '
import ast, sys
for path in sys.argv[1:]:
    ast.parse(open(path).read(), path)'

step 'the judgement of make bench'
python3 -B -m unittest discover --quiet --start-directory Bench

step 'the judgement of make stress'
python3 -B -m unittest discover --quiet --start-directory Stress

step 'what bench, stress and scripts share, and the judgement of the comparison with DevTools'
python3 -B -m unittest discover --quiet --start-directory Scripts

step 'ARCHITECTURE.md is short enough to be read'
lines=$(wc -l <ARCHITECTURE.md)
((lines <= 200)) || fail "it has $lines lines, and may have 200: what explains goes to docs/internals"

step 'JavaScript programs'
# The oldest Node that the programs are for knows the least syntax.
ours -- '*.js' '*.mjs' | while read -r file; do
    .build/node/18/bin/node --check "$file"
done

step 'no paths of one machine'
# Each path is spelled with a class of one letter, so that this line does not find itself.
if git grep --untracked --line-number -I -E '(^|[^[:alnum:]_.>)}-])/[w]ork/|/[o]pt/swift|/[t]mp/lab|/[r]oot/\.'; then
    fail 'the lines above name paths that only one machine has'
fi

echo 'check: all well'
