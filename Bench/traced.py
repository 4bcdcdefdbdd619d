"""For how long a dump by ptrace keeps the main thread from running before the fork."""

import json
import os
from statistics import median

import limits
from measuring.processes import run
from measuring.repository import TARGETS
from target import target

# A server that works all the time.
PROGRAM = os.path.join(TARGETS, "uses-thread-pool.js")
KNOWN_OBJECTS = "3000"
DUMPS = 20


def stops(bench, major):
    """The longest stop of each of several dumps, against what is allowed, and the worst of them."""
    with target(bench.nodes[major], PROGRAM, KNOWN_OBJECTS) as program:
        stopped = [dump(bench, program.pid) for _ in range(DUMPS)]
    comparison = bench.compare(
        f"thread stopped before a fork by ptrace, Node {major}", f"{limits.TRACED_STOP_MS} ms", "ms", limit=1.0
    )
    for milliseconds in stopped:
        comparison.add(milliseconds, limits.TRACED_STOP_MS)
    worst = bench.compare(f"the longest of {DUMPS}, Node {major}", f"{limits.WORST_TRACED_STOP_MS} ms", "ms", limit=1.0)
    worst.add(max(stopped), limits.WORST_TRACED_STOP_MS)
    bench.tell(f"Node {major}: stopped for {median(stopped):.1f} ms, {max(stopped):.1f} ms at most")


def dump(bench, pid):
    """In ms. The snapshot goes nowhere."""
    path = os.path.join(bench.directory, "traced.heapsnapshot")
    report = json.loads(run([bench.heapdump, "take", str(pid), "-m", "ptrace", "--json", "--overwrite", "-o", path]).output)
    return report["stopped_milliseconds"]
