"""`heapdump summary` against the load of the same file into the real Chrome DevTools, which computes the same numbers; how much
memory it takes; and whether heaps of one odd shape cost more than others."""

import os
import sys
from dataclasses import dataclass
from typing import Optional

import limits
from comparison import alternated, pairs_in
from limits import MB
from measurements import MOST_PAIRS, SECONDS_OF_PAIRS
from measuring.peak import anonymous_peak
from measuring.processes import run

HERE = os.path.dirname(os.path.abspath(__file__))
DEVTOOLS_LOAD = os.path.join(HERE, "..", "Scripts", "devtools-load.py")
SIZES_MB = [40, 350, 1600]
ITEMS = 1_000_000
# For one load. Where DevTools runs out of memory in its worker it says nothing, for ever.
DEVTOOLS_SECONDS = 900
# To which the files are rounded that shapes are held against: one does for several shapes.
REFERENCE_STEP_MB = 25


@dataclass
class Load:
    """By DevTools."""

    # From the first byte to the classes with their retained sizes: by DevTools' own clock, without Chromium's start.
    seconds: Optional[float]
    error: Optional[str] = None


def load(path):
    """In a fresh Chromium."""
    command = [sys.executable, DEVTOOLS_LOAD, "--timeout", str(DEVTOOLS_SECONDS), path]
    # 1 is for a file that it cannot load.
    answer = run(command, accepted=(0, 1)).json()
    return Load(answer.get("load_seconds"), answer.get("error"))


def require_devtools():
    """Fails where there is no Chromium, or nothing to drive it with."""
    load(os.path.join(HERE, "there is no such file"))


def summary(bench, path, watch=None):
    """From the program's start to its end."""
    return run([bench.heapdump, "summary", path], watch=watch)


def analyses(bench, cache, sizes_mb, load=load):
    for megabytes in sizes_mb:
        lack = cache.lack(megabytes)
        if lack:
            bench.facts.append((f"summary of {megabytes} MB", f"left out: {lack}"))
            bench.tell(f"{megabytes} MB are left out: {lack}")
            continue
        path = cache.mixed(megabytes)
        against_devtools(bench, path, load)
        memory(bench, path)


def real(bench, cache, load=load):
    """The heap of a large application, which none of our making resembles."""
    lack = cache.lack_for_real()
    if lack:
        bench.facts.append(("summary of a real heap", f"left out: {lack}"))
        bench.tell(f"the real heap is left out: {lack}")
        return
    path = cache.real(bench.heapdump)
    what = f"summary of a real heap, {os.path.getsize(path) / MB:.0f} MB"
    against_devtools(bench, path, load, what, limits.REAL_SUMMARY_OVER_DEVTOOLS)
    memory(bench, path)


def against_devtools(bench, path, load, what=None, limit=limits.SUMMARY_OVER_DEVTOOLS):
    what = what or f"summary of {os.path.getsize(path) / MB:.0f} MB"
    ours = lambda: summary(bench, path).seconds
    # Not counted: the first of both finds the file on the disk.
    first_ours, first_theirs = ours(), load(path)
    if first_theirs.error:
        bench.tell(f"DevTools cannot load {path}: {first_theirs.error}")
        bench.compare(what, "DevTools cannot load it", "s").add_without_reference(first_ours)
        bench.facts.append((what, f"DevTools cannot load the file: {first_theirs.error}"))
        return
    comparison = bench.compare(what, "DevTools' load", "s", limit=limit)
    pairs = pairs_in(SECONDS_OF_PAIRS, first_ours + first_theirs.seconds, bench.pairs, MOST_PAIRS)
    for our_seconds, theirs in alternated(pairs, ours, lambda: load(path)):
        if theirs.error:
            bench.facts.append((what, f"one of DevTools' loads is not counted: {theirs.error}"))
            continue
        comparison.add(our_seconds, theirs.seconds)
        bench.tell(f"{what}: heapdump {our_seconds:.2f} s, DevTools {theirs.seconds:.2f} s")
    if not comparison.ours:
        # All but the first failed.
        comparison.add(first_ours, first_theirs.seconds)


def memory(bench, path):
    """In a run of its own: to look at it again and again takes time from it."""
    peaks = []

    def watch(pid):
        peaks.append(anonymous_peak(pid))
        return peaks[-1]

    summary(bench, path, watch)
    comparison = bench.compare(
        "anonymous memory of that summary", "the file", "MB", limit=limits.ANALYSIS_MEMORY_SHARE_OF_FILE
    )
    comparison.add(peaks[-1].bytes / MB, os.path.getsize(path) / MB)


def shapes(bench, cache, items):
    """Time is to grow with the file, whatever the heap looks like."""
    kinds = [("a list", cache.list), ("an array", cache.array), ("many classes", cache.classes)]
    for name, make in kinds:
        path = make(items)
        megabytes = similar_size(os.path.getsize(path))
        lack = cache.lack(megabytes)
        if lack:
            bench.facts.append((f"summary of {name}", f"left out: {lack}"))
            continue
        against_mixed(bench, name, path, cache.mixed(megabytes))
        bench.facts.append((f"summary of {name}", f"{items:,} in a file of {os.path.getsize(path) / MB:.0f} MB"))


def similar_size(file_bytes):
    """In MB, of a file to compare with."""
    return max(1, round(file_bytes / MB / REFERENCE_STEP_MB)) * REFERENCE_STEP_MB


def against_mixed(bench, name, path, mixed):
    def per_megabyte(path):
        return summary(bench, path).seconds * 1000 / (os.path.getsize(path) / MB)

    ours, reference = lambda: per_megabyte(path), lambda: per_megabyte(mixed)
    first = summary(bench, path).seconds + summary(bench, mixed).seconds
    comparison = bench.compare(
        f"summary of {name}, each MB",
        f"mixed heap, {os.path.getsize(mixed) / MB:.0f} MB",
        "ms",
        limit=limits.SHAPE_OVER_MIXED,
    )
    for our_ms, its_ms in alternated(pairs_in(SECONDS_OF_PAIRS, first, bench.pairs, MOST_PAIRS), ours, reference):
        comparison.add(our_ms, its_ms)
    bench.tell(
        f"{name}, {os.path.getsize(path) / MB:.0f} MB: {min(comparison.ours):.1f} ms a MB, "
        f"mixed {min(comparison.reference):.1f} ms a MB"
    )
