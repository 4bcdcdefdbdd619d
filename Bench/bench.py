#!/usr/bin/env python3
"""Compares heapdump with what there is without it, and prints a table of ratios. Run by `make bench`.

Each ratio is ours over a reference that is measured in the same run, next to it, in alternating order; so a machine that
is slow, or has other work, is slow for both. Judged is the median of the pairs' ratios; limits.py has the limits.

Exit status: 0 when every ratio is within its limit, 1 when one is not, 2 when something could not be measured.
"""

import argparse
import os
import sys

import analysis
import doubling
import limits
import machine
import measurements
import pause
import report
import snapshots
import stacks
import traced
from measuring.processes import Failure, end_by_exception, run
from measuring.repository import BUILD, HEAPDUMP, NODES, node_path, temporary_directory

# The heap whose file is large enough for FILE_BYTES, with room for what versions differ in.
LARGE_HEAP_MB = 130
# Whose JSON.parse is the reference, and whose snapshot is checked.
NEWEST_NODE = "24"
# Of one program, that are compared.
OLDER_MB, NEWER_MB = 150, 200
# Older ones need minutes for a large heap.
OLDEST_NODE_FOR_PAUSES = 22


def tell(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--heapdump", default=HEAPDUMP, metavar="PATH")
    parser.add_argument("--nodes", nargs="+", default=NODES, metavar="MAJOR")
    parser.add_argument("--pairs", type=int, default=3, help="of dumps for each Node, at least (default: 3)")
    parser.add_argument("--heap", type=int, default=LARGE_HEAP_MB, metavar="MB", help="of what is dumped (default: %(default)s)")
    parser.add_argument(
        "--pause-heaps", nargs="+", type=int, default=pause.HEAPS_MB, metavar="MB", help="whose dumps' pauses are measured (default: 50 200 500)"
    )
    parser.add_argument(
        "--pause-nodes", nargs="+", metavar="MAJOR", help="for pauses (default: those of --nodes from %s on)" % OLDEST_NODE_FOR_PAUSES
    )
    parser.add_argument(
        "--analysis-sizes", nargs="+", type=int, default=analysis.SIZES_MB, metavar="MB", help="of files that are analysed (default: 40 350 1600)"
    )
    parser.add_argument(
        "--analysis-items", type=int, default=analysis.ITEMS, metavar="COUNT", help="in a list, an array, and classes (default: a million)"
    )
    parser.add_argument("--only", choices=["dump", "pause", "stack", "ptrace", "check", "start", "analysis", "real", "doubling"], help="leave the other measurements out")
    parser.add_argument("--markdown", action="store_true", help="print the table once more, for docs/benchmarks.md")
    arguments = parser.parse_args()
    if arguments.pairs < 1:
        parser.error("--pairs: at least 1")
    if arguments.heap < limits.HEAP_MB:
        parser.error(f"--heap: at least {limits.HEAP_MB}, for the limits mean such heaps")
    if arguments.pause_nodes is None:
        arguments.pause_nodes = [major for major in arguments.nodes if int(major) >= OLDEST_NODE_FOR_PAUSES]
    return arguments


def measure(arguments, directory):
    majors = [*arguments.nodes, *arguments.pause_nodes, NEWEST_NODE]
    bench = measurements.Bench(
        heapdump=arguments.heapdump,
        nodes={major: node_path(major) for major in majors},
        directory=directory,
        pairs=arguments.pairs,
        heap_mb=arguments.heap,
        tell=tell,
    )
    if arguments.only in (None, "analysis", "real"):
        # Now, not after a quarter of an hour.
        analysis.require_devtools()
    if arguments.only in (None, "start"):
        for major in arguments.nodes:
            measurements.starts(bench, major)
    if arguments.only in (None, "stack"):
        for major in arguments.nodes:
            stacks.stops(bench, major)
    if arguments.only in (None, "ptrace"):
        for major in arguments.nodes:
            traced.stops(bench, major)
    if arguments.only in (None, "check"):
        path = measurements.large_file(bench, NEWEST_NODE, LARGE_HEAP_MB)
        measurements.checks(bench, path, NEWEST_NODE)
    if arguments.only in (None, "dump"):
        for major in arguments.nodes:
            measurements.dumps(bench, major)
    if arguments.only in (None, "pause"):
        for major in arguments.pause_nodes:
            for heap_mb in arguments.pause_heaps:
                pause.pauses(bench, major, heap_mb)
    if arguments.only in (None, "analysis"):
        cache = snapshots.Cache(os.path.join(BUILD, "bench"), bench.nodes[NEWEST_NODE], tell)
        analysis.analyses(bench, cache, arguments.analysis_sizes)
        analysis.shapes(bench, cache, arguments.analysis_items)
    if arguments.only in (None, "analysis", "real"):
        analysis.real(bench, snapshots.Cache(os.path.join(BUILD, "bench"), bench.nodes[NEWEST_NODE], tell))
    if arguments.only in (None, "doubling"):
        cache = snapshots.Cache(os.path.join(BUILD, "bench"), bench.nodes[NEWEST_NODE], tell)
        doubling.difference(bench, cache.mixed(OLDER_MB), cache.mixed(NEWER_MB))
        doubling.doublings(bench, cache, doubling.ITEMS)
    return bench


def main():
    arguments = parse_arguments()
    end_by_exception()
    was_busy = machine.is_busy()
    facts = machine.facts()
    if was_busy:
        tell("the load average is above the number of cores: expect noise")
    with temporary_directory("bench") as directory:
        try:
            bench = measure(arguments, directory)
            floor = measurements.memory_floor()
            facts.append(("heapdump", run([arguments.heapdump, "--version"]).output.strip()))
        except (Failure, OSError) as error:
            tell(error)
            return 2
    notes = report.notes(bench.comparisons, was_busy, floor / limits.MB)
    print(report.text(facts, bench.comparisons, bench.facts, notes))
    if arguments.markdown:
        print("\n" + report.markdown(facts, bench.comparisons, bench.facts, notes))
    return 0 if all(comparison.is_within_limit for comparison in bench.comparisons) else 1


if __name__ == "__main__":
    sys.exit(main())
