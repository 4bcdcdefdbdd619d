#!/usr/bin/env bash
# Fuzzes what reads bytes of others with libFuzzer, under the address sanitizer: the validator, the analysis of what passes it, the
# decompression of files, the decoder of inspector messages, what a process answers, and what is read of it. Targets: validator,
# analysis, decompressor, decoder, process, answers.
#
# Usage: Scripts/fuzz.sh [SECONDS] [TARGET…]     (60 seconds; the first four share them)
#        Scripts/fuzz.sh coverage [TARGET…]      what of the sources the corpus and the seeds reach
#
# The corpus grows in .build/fuzz/corpus from run to run; an input that breaks a property is kept in
# .build/fuzz/findings, and ends the run with a status that is not 0. docs/fuzzing.md says what is checked.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
seconds=${1:-60}
targets=("${@:2}")
[[ ${#targets[@]} -gt 0 ]] || targets=(validator analysis decompressor decoder)
output=.build/fuzz

fail() {
    echo "fuzz: $*" >&2
    exit 64
}
[[ $seconds == coverage || $seconds =~ ^[1-9][0-9]*$ ]] || fail "'$seconds' is no number of seconds"

# Swift's own report of a crash would come between a finding and its keeping.
export SWIFT_BACKTRACE=enable=no

# Compiled in the output directory, where the compiler leaves files of its own: hence paths from the root.
flags=(-O -g -parse-as-library -package-name heapdump -swift-version 6 -wmo -enable-upcoming-feature ExistentialAny
    -enable-upcoming-feature InternalImportsByDefault "-sanitize=fuzzer,address" -I . -I "$root/Sources/CHeapSnapshot/include")
# Each module is built once, whatever number of targets needs it.
declare -A built
if [[ $seconds == coverage ]]; then
    output=.build/fuzz/coverage
    flags+=(-profile-generate -profile-coverage-mapping)
fi

# As a module of its own, so that the properties import it as the unit tests do.
build_module() { # name, sources
    [[ -z ${built[$1]:-} ]] || return 0
    built[$1]=yes
    (cd "$output" && swiftc "${flags[@]}" -enable-testing -module-name "$1" -emit-module -emit-object -o "$1.o" "${@:2}")
}

build_target() { # name, sources and objects
    # gold, the default, warns of two hundred of the sanitizer's own symbols.
    (cd "$output" && swiftc "${flags[@]}" -use-ld=lld -module-name Fuzz -o "$1" "${@:2}" "$root/Fuzz/Report.swift")
}

# The C of a module, with the map by which Swift finds it, where SwiftPM would write one.
build_c_module() { # name
    mkdir -p "$output/$1"
    local header
    for header in "$root/Sources/$1/include"/*.h; do echo "header \"$header\""; done >"$output/$1/headers"
    [[ -f $root/Sources/$1/include/module.modulemap ]] ||
        printf 'module %s {\n%s\nexport *\n}\n' "$1" "$(<"$output/$1/headers")" >"$output/$1/module.modulemap"
    flags+=(-I "$root/$output/$1")
    (cd "$output/$1" && clang -O -g -fsanitize=address,fuzzer-no-link -c "$root/Sources/$1"/*.c -I "$root/Sources/$1/include")
}

build_heap_snapshot() {
    build_c_module CHeapSnapshot
    mapfile -t module < <(sources Sources/HeapSnapshot)
    build_module HeapSnapshot "${module[@]}"
}

build_linux() {
    build_packages
    mapfile -t module < <(sources Sources/Linux)
    build_module Linux "${packages[@]}" "${module[@]}"
}

build_snapshot_reading() {
    build_linux
    build_c_module CCompression
    mapfile -t module < <(sources Sources/SnapshotReading)
    build_module SnapshotReading "${packages[@]}" "${module[@]}"
}

sources() { find "$root/$1" -name '*.swift' | sort; }

packages=()
objects=()
# What a module imports, as SwiftPM has built it.
build_packages() {
    [[ ${#objects[@]} -eq 0 ]] || return 0
    local built map
    # Strict as for the tests, for else the two would compile our modules in turns.
    HEAPDUMP_STRICT=1 swift build --product heapdump
    built=$(swift build --show-bin-path)
    packages=(-I "$built/Modules" -I "$root/.build/checkouts/swift-system/Sources/CSystem/include"
        -I "$root/.build/checkouts/swift-atomics/Sources/_AtomicsShims/include")
    for map in "$built"/*.build/module.modulemap; do packages+=(-Xcc "-fmodule-map-file=$map"); done
    # Not of our own Swift, which is built anew, nor of plugins and tools.
    mapfile -t objects < <(find "$built" -path '*.build/*.o' | grep -E '/(_?NIO|CNIO|CSystem|SystemPackage|Deque|InternalC|Atomics|_Atomics|Containers|BasicC|Collections|OrderedC|AgentImage|CLinux)[A-Za-z0-9]*\.build/' | sort)
}

build() { # target
    case $1 in
    validator)
        build_heap_snapshot
        mapfile -t properties < <(sources Tests/HeapSnapshotTests/Properties)
        build_target validator "$root/Fuzz/ValidatorFuzz.swift" "${properties[@]}" HeapSnapshot.o "$root/$output"/CHeapSnapshot/*.o
        ;;
    analysis)
        build_heap_snapshot
        build_snapshot_reading
        mapfile -t module < <(sources Sources/HeapAnalysis)
        build_module HeapAnalysis "${packages[@]}" "${module[@]}"
        mapfile -t properties < <(sources Tests/HeapAnalysisTests/Properties)
        build_target analysis "$root/Fuzz/AnalysisFuzz.swift" "${packages[@]}" "${properties[@]}" \
            "${objects[@]}" HeapAnalysis.o HeapSnapshot.o SnapshotReading.o Linux.o \
            "$root/$output"/{CHeapSnapshot,CCompression}/*.o -l:libz.a -l:libzstd.a
        ;;
    decompressor)
        build_snapshot_reading
        build_target decompressor "$root/Fuzz/DecompressorFuzz.swift" "${packages[@]}" "${objects[@]}" SnapshotReading.o \
            Linux.o "$root/$output"/CCompression/*.o -l:libz.a -l:libzstd.a
        ;;
    decoder)
        # The one file of the module that needs no SwiftNIO.
        build_module Inspector "$root/Sources/Inspector/JSONStringDecoder.swift"
        build_target decoder "$root/Fuzz/DecoderFuzz.swift" "$root/Tests/InspectorTests/DecoderProperties.swift" \
            Inspector.o
        ;;
    process)
        build_linux
        mapfile -t module < <(sources Sources/ELF)
        build_module ELF "${packages[@]}" "${module[@]}"
        mapfile -t module < <(sources Sources/NodeProcess)
        build_module NodeProcess "${packages[@]}" "${module[@]}"
        build_target process "$root/Fuzz/ProcessFuzz.swift" "${packages[@]}" "${objects[@]}" NodeProcess.o ELF.o Linux.o
        ;;
    answers)
        build_linux
        # Those files of two modules that read what a process answers.
        build_module Answers "${packages[@]}" \
            "$root"/Sources/Inspector/{InspectorDescription,InspectorError,InspectorLimits,InspectorMessage,JSONStringDecoder,SnapshotChunk}.swift \
            "$root"/Sources/SnapshotWriter/Methods/Fork/Agent/{Agent,AgentAnswer,AgentReply,AgentScript,AgentStatus,JavaScriptText}.swift \
            "$root"/Sources/SnapshotWriter/{Methods/Fork/PipeReader,Memory/HeapSizes,HeapdumpVersion}.swift
        build_target answers "$root/Fuzz/AnswersFuzz.swift" "${packages[@]}" "${objects[@]}" Answers.o Linux.o
        ;;
    *) fail "no target '$1': validator, analysis, decompressor, decoder, process or answers" ;;
    esac
}

run() { # target, seconds
    mkdir -p "$output/corpus/$1" "$output/findings"
    echo "fuzz: $1 for $2 s"
    local dictionary=()
    [[ ! -f Fuzz/$1.dict ]] || dictionary=(-dict="Fuzz/$1.dict")
    # An input takes milliseconds.
    "$output/$1" -max_total_time="$2" "${dictionary[@]}" -max_len=8192 -timeout=20 \
        -rss_limit_mb=2048 -malloc_limit_mb=64 -print_final_stats=1 -artifact_prefix="$output/findings/$1-" \
        "$output/corpus/$1" "Fuzz/Seeds/$1"
}

report_coverage() { # target
    local corpus=.build/fuzz/corpus/$1
    mkdir -p "$corpus"
    LLVM_PROFILE_FILE=$output/$1.profraw "$output/$1" -runs=0 "$corpus" "Fuzz/Seeds/$1"
    # The toolchain's own: another LLVM does not read its profiles.
    local tools
    tools=$(dirname "$(readlink -f "$(command -v swiftc)")")
    "$tools/llvm-profdata" merge -o "$output/$1.profdata" "$output/$1.profraw"
    "$tools/llvm-cov" report "$output/$1" -instr-profile "$output/$1.profdata" "$root/Sources"
}

mkdir -p "$output"
for target in "${targets[@]}"; do build "$target"; done
for target in "${targets[@]}"; do
    if [[ $seconds == coverage ]]; then
        report_coverage "$target"
        continue
    fi
    # The validator and the analysis are large, the others small.
    share=$seconds
    if [[ ${#targets[@]} -gt 1 ]]; then
        case $target in
        validator | analysis) share=$((seconds * 2 / 5)) ;;
        *) share=$((seconds / 10)) ;;
        esac
    fi
    run "$target" "$((share > 0 ? share : 1))"
done
