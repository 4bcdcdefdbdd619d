"""For how long `heapdump stack` stops a thread."""

import json
import os
from statistics import median

import limits
from measuring.processes import Failure, run
from measuring.repository import TARGETS
from target import target

# A function that calls itself 200 times, and Node's frames below it.
PROGRAM = os.path.join(TARGETS, "known-places.js")
PLACE = "deep recursion"
LEAST_FRAMES = 200
LOOKS = 20


def stops(bench, major):
    """The longest stop of each of several looks, against what is allowed for so many frames."""
    with target(bench.nodes[major], PROGRAM, PLACE) as program:
        looks = [look(bench.heapdump, program.pid) for _ in range(LOOKS)]
    if looks[-1][1] < LEAST_FRAMES:
        raise Failure(f"heapdump stack shows {looks[-1][1]} frames of a program that has more than {LEAST_FRAMES}")
    comparison = bench.compare(
        f"thread stopped for its stack, Node {major}", f"{limits.STOP_MS_FOR_100_FRAMES} ms for 100 frames", "ms", limit=1.0
    )
    for milliseconds, frames in looks:
        comparison.add(milliseconds, limits.STOP_MS_FOR_100_FRAMES * frames / 100)
    middle = median(milliseconds for milliseconds, _ in looks)
    bench.tell(f"Node {major}: stopped for {middle:.1f} ms, {looks[-1][1]} frames")


def look(heapdump, pid):
    """How long the main thread was stopped, in ms, and how many frames it has."""
    thread = json.loads(run([heapdump, "stack", str(pid), "--json"]).output)["threads"][0]
    return thread["stopped_milliseconds"], len(thread["frames"])
