#!/usr/bin/env python3
"""Measures what forked dumps of heaps of one kind each cost, against what heapdump estimates, and prints a Markdown table for
docs/estimates.md. Run by `make estimates`. Judges nothing: the estimates are upper bounds for most heaps, or for all.
"""

import argparse
import os
import sys

from limits import MB
from measuring.proc import anonymous_bytes
from measuring.processes import run
from measuring.repository import HEAPDUMP, NODES, TARGETS, node_path, temporary_directory
from target import target

PROGRAM = os.path.join(TARGETS, "heap-of-one-kind.js")

# As in Sources/SnapshotWriter/Memory/DumpEstimate.swift.
BASE = 24 << 20
SMALL, SMALL_AT_MOST, LARGE = 8, 36, 5
FILE = 7


def measure(heapdump, node, kind, megabytes, directory):
    path = os.path.join(directory, "dump.heapsnapshot")
    with target(node, PROGRAM, kind, megabytes) as server:
        before = server.ask("/memory")
        anonymous = anonymous_bytes(server.pid)
        report = run([heapdump, "take", str(server.pid), "-m", "fork", "--json", "--quiet", "-o", path]).json()
    os.remove(path)
    small, large = before["small"], before["large"]
    extra = report["fork_peak_bytes"] - before["rss"]
    phases = report["milliseconds"]
    return {
        "small": small,
        "large": large,
        "anonymous": anonymous,
        "extra": extra,
        "mostly": BASE + small * SMALL + large * LARGE,
        "at_most": BASE + small * SMALL_AT_MOST + large * LARGE,
        "file": report["bytes"],
        "file_at_most": anonymous * FILE,
        "seconds": (phases["building"] + phases["writing"]) / 1000,
    }


def kinds(node):
    with target(node, PROGRAM, "buffers", 1) as server:
        return server.ask("/kinds")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--heapdump", default=HEAPDUMP, metavar="PATH")
    parser.add_argument("--nodes", nargs="+", default=NODES, metavar="MAJOR")
    parser.add_argument("--heap", type=int, default=30, metavar="MB")
    arguments = parser.parse_args()
    print("| Node | kind | small, MB | large, MB | extra, MB | of the first estimate | of the second | file, MB | of its estimate | s |")
    print("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    with temporary_directory("estimates") as directory:
        for major in arguments.nodes:
            node = node_path(major)
            for kind in kinds(node):
                found = measure(arguments.heapdump, node, kind, arguments.heap, directory)
                print(
                    f"| {major} | {kind} | {found['small'] / MB:.1f} | {found['large'] / MB:.1f} | {found['extra'] / MB:.0f} | "
                    f"{found['extra'] / found['mostly']:.2f} | {found['extra'] / found['at_most']:.2f} | {found['file'] / MB:.0f} | "
                    f"{found['file'] / found['file_at_most']:.2f} | {found['seconds']:.1f} |",
                    flush=True,
                )
    return 0


if __name__ == "__main__":
    sys.exit(main())
