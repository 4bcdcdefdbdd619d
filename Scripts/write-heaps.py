#!/usr/bin/env python3
"""Writes the heap snapshots with which heapdump's analysis is compared with DevTools': each program of Tests/Heaps, run by
several versions of Node. What is there already, and newer than its program, stays.

It prints each as Scripts/compare-with-devtools.py takes it, a line each: FILE, or LATER:BASE for two of one process.

Exit status: 0 when all are there, also where a version of Node cannot hold a kind of heap (it says so); 1 when one failed.
Needs the versions of Scripts/node-versions.sh.
"""

import argparse
import concurrent.futures
import os
import subprocess
import sys

from measuring.repository import BUILD, ROOT, node_path

PROGRAMS = os.path.join(ROOT, "Tests", "Heaps")
# A program takes a second or two; V8 with allocation stacks ten on a busy machine.
SECONDS = 300
CANNOT = 3

# Which program by which Node, and in a quick run. Those of many shapes and names by all: V8 changes how it writes them.
SINGLES = """
allocation-stacks      18 20 22 24   20
allocation-timeline    18 22 24      24
arrays                 18 20 22 24   18
bare                   18 20 22 24   22
category-names         18 20 22 24   24
closures               18 20 22 24   20
colliding-names        18 24         -
cycles                 18 20 22 24   22
inside-worker          18 22 24      18
internals              18 20 22 24   22
linked-list            20 24         24
live-workers           18 20 24      20
many-classes           22            -
many-interfaces        18 20 22 24   22
maps-and-sets          18 20 22 24   24
native-objects         18 20 22 24   22
numbers-exposed        20 22 24      20
plain-objects          18 20 22 24   18,24
private-fields         18 22 24      18
proxies                20 24         24
regexps-dates-errors   20 22 24      20
same-name-classes      18 20 22 24   22
strings                18 20 22 24   18,24
symbols-and-numbers    18 24         22
typed-arrays           18 20 22 24   18
vm-contexts            18 20 22 24   20
wasm                   18 22 24      24
weak-collections       18 20 22 24   20,22
weakly-held            18 22 24      18
"""
PAIRS = """
arrays                 20            -
category-names         22            -
closures               24            -
cycles                 18 24         18
internals              24            -
many-interfaces        20 24         -
maps-and-sets          18            -
plain-objects          18 20 22 24   24
private-fields         22            -
same-name-classes      20 22 24      22
strings                18 20 24      20
typed-arrays           20            -
vm-contexts            18 24         -
weak-collections       18 22         -
weakly-held            24            -
linked-list            22            -
"""


def rows(table, quick):
    for line in table.split("\n"):
        if not line:
            continue
        program, *versions, quick_versions = line.split()
        if quick:
            versions = [] if quick_versions == "-" else quick_versions.split(",")
        for version in versions:
            yield program, version


def is_current(path, program):
    sources = [program, *(entry.path for entry in os.scandir(os.path.join(PROGRAMS, "support")))]
    return os.path.exists(path) and os.path.getmtime(path) > max(os.path.getmtime(source) for source in sources)


def write(program, version, paths):
    """Whether `paths` are there, or why not."""
    source = os.path.join(PROGRAMS, f"{program}.js")
    if all(is_current(path, source) for path in paths):
        return True, None
    # Under these names until they are whole.
    partial = [f"{path}.partial" for path in paths]
    node = node_path(version)
    try:
        run = subprocess.run(
            [node, source, *partial], stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, text=True, errors="replace"
        )
        if run.returncode == CANNOT:
            return None, run.stderr.strip()
        if run.returncode:
            return False, f"status {run.returncode}\n{run.stderr.strip()}"
        for before, after in zip(partial, paths):
            os.replace(before, after)
        return True, None
    except (OSError, subprocess.TimeoutExpired) as error:
        return False, str(error)
    finally:
        for path in partial:
            if os.path.exists(path):
                os.remove(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="each kind of heap once or twice, and a few pairs")
    parser.add_argument("--into", default=os.path.join(BUILD, "heaps"), metavar="DIRECTORY")
    parser.add_argument("--at-once", type=int, default=2, metavar="N", help="how many programs (default: 2)")
    arguments = parser.parse_args()

    into = os.path.abspath(arguments.into)
    os.makedirs(into, exist_ok=True)
    work = []
    for program, version in rows(SINGLES, arguments.quick):
        work.append((program, version, [os.path.join(into, f"{version}-{program}.heapsnapshot")]))
    for program, version in rows(PAIRS, arguments.quick):
        names = [f"{version}-{program}-{part}.heapsnapshot" for part in ("base", "later")]
        work.append((program, version, [os.path.join(into, name) for name in names]))

    status = 0
    with concurrent.futures.ThreadPoolExecutor(arguments.at_once) as pool:
        for (program, version, paths), (is_there, reason) in zip(work, pool.map(lambda each: write(*each), work)):
            if is_there:
                print(":".join(reversed(paths)), flush=True)
            elif is_there is None:
                print(f"write-heaps: no {program} by Node {version}: {reason}", file=sys.stderr)
            else:
                print(f"write-heaps: {program} by Node {version} failed: {reason}", file=sys.stderr)
                status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
