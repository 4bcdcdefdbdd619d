"""What `make bench` measures: one function for each kind of run."""

import os
import time
from dataclasses import dataclass, field
from statistics import median
from typing import List, Tuple

import limits
from comparison import Comparison, alternated, pairs_in
from limits import MB
from measuring.processes import Failure, run
from measuring.repository import TARGETS
from target import target

HERE = os.path.dirname(os.path.abspath(__file__))
BIG_HEAP_SERVER = os.path.join(TARGETS, "big-heap-server.js")
JSON_PARSE = os.path.join(HERE, "json-parse.js")
CHECKS_FOR_EACH_PAIR = 3
STARTS = 100
# V8's own writer varies by a tenth and more from one dump to the next. Of three pairs of it against itself, one median in
# eight is above 1.10; of nine, one in thirty. Where dumps are quick, there is time for nine.
SECONDS_OF_PAIRS = 120
MOST_PAIRS = 9


@dataclass
class Bench:
    """One run: what it needs, and what it found."""

    heapdump: str
    # From the major version to the program.
    nodes: dict
    directory: str
    pairs: int
    heap_mb: int
    tell: callable
    comparisons: List[Comparison] = field(default_factory=list)
    # What is worth knowing and not judged: a name, a sentence.
    facts: List[Tuple[str, str]] = field(default_factory=list)

    def compare(self, *arguments, **named):
        comparison = Comparison(*arguments, **named)
        self.comparisons.append(comparison)
        return comparison


@dataclass
class Dump:
    seconds: float
    cpu_seconds_of_target: float
    file_bytes: int
    # Of heapdump alone.
    cpu_seconds: float = 0
    peak_bytes: int = 0
    milliseconds: dict = field(default_factory=dict)
    # What it would take after it to be as safe on the disk.
    fsync_seconds: float = 0


def take(bench, server):
    """A dump by heapdump in the process itself, from its start to its end. The file is removed."""
    path = os.path.join(bench.directory, "taken.heapsnapshot")
    before = server.cpu_seconds()
    command = [bench.heapdump, "take", str(server.pid), "-m", "inspector", "--json", "--output", path]
    result = run(command, for_memory=True)
    after = server.cpu_seconds()
    report = result.json()
    size = os.path.getsize(path)
    os.remove(path)
    return Dump(
        result.seconds, after - before, size, result.cpu_seconds, result.peak_bytes, report["milliseconds"]
    )


def write_heap_snapshot(bench, server):
    """A dump by the target itself, by its own clock. The file is removed."""
    before = server.cpu_seconds()
    seconds = server.ask("/write-heap-snapshot")["seconds"]
    after = server.cpu_seconds()
    path = own_snapshot(bench)
    size = os.path.getsize(path)
    start = time.perf_counter()
    with open(path, "rb") as file:
        os.fsync(file.fileno())
    synced = time.perf_counter() - start
    os.remove(path)
    return Dump(seconds, after - before, size, fsync_seconds=synced)


def own_snapshot(bench):
    return os.path.join(bench.directory, "own.heapsnapshot")


def dumps(bench, major):
    """The time of a dump, and the memory of heapdump at it."""
    with target(bench.nodes[major], BIG_HEAP_SERVER, bench.heap_mb, own_snapshot(bench)) as server:
        # The first dump of a process grows its heap and numbers its objects.
        uncounted = write_heap_snapshot(bench, server), take(bench, server)
        size = uncounted[1].file_bytes
        pairs = pairs_in(SECONDS_OF_PAIRS, sum(dump.seconds for dump in uncounted), bench.pairs, MOST_PAIRS)
        time_of = bench.compare(
            f"dump, Node {major}, {size / MB:.0f} MB",
            "v8.writeHeapSnapshot",
            "s",
            limit=limits.DUMP_OVER_WRITE_HEAP_SNAPSHOT,
        )
        memory = bench.compare("memory of that dump", "16 MB + 5 % of the file", "MB", limit=1.0)
        taken, own = [], []
        for ours, reference in alternated(
            pairs, lambda: take(bench, server), lambda: write_heap_snapshot(bench, server)
        ):
            time_of.add(ours.seconds, reference.seconds)
            memory.add(ours.peak_bytes / MB, limits.memory_allowance(ours.file_bytes) / MB)
            taken.append(ours)
            own.append(reference)
            bench.tell(f"Node {major}: heapdump {ours.seconds:.2f} s, v8.writeHeapSnapshot {reference.seconds:.2f} s")
    tell_where_time_goes(bench, major, taken, own)


def tell_where_time_goes(bench, major, taken, own):
    phases = ", ".join(
        f"{phase.replace('_', ' ')} {median(dump.milliseconds[phase] for dump in taken) / 1000:.2f}"
        for phase in ("opening_inspector", "building", "writing", "checking")
    )
    bench.facts.append((f"dump, Node {major}: phases", f"{phases} s"))
    bench.facts.append(
        (
            f"dump, Node {major}: CPU time",
            f"target {median(dump.cpu_seconds_of_target for dump in taken):.2f} s and heapdump "
            f"{median(dump.cpu_seconds for dump in taken):.2f} s; writeHeapSnapshot "
            f"{median(dump.cpu_seconds_of_target for dump in own):.2f} s",
        )
    )
    bench.facts.append(
        (
            f"dump, Node {major}: fsync",
            f"heapdump's time includes it; after writeHeapSnapshot it took "
            f"{median(dump.fsync_seconds for dump in own):.2f} s more, not counted here",
        )
    )


def large_file(bench, major, heap_mb):
    """Takes a snapshot for `checks`, and heapdump's memory at it. Returns its path."""
    path = os.path.join(bench.directory, "large.heapsnapshot")
    with target(bench.nodes[major], BIG_HEAP_SERVER, heap_mb, own_snapshot(bench)) as server:
        result = run([bench.heapdump, "take", str(server.pid), "--quiet", "--output", path], for_memory=True)
    size = os.path.getsize(path)
    if size < limits.FILE_BYTES:
        raise Failure(f"a heap of {heap_mb} MB gave a file of {size / MB:.0f} MB only")
    memory = bench.compare(
        f"memory of a dump of {size / MB:.0f} MB", "16 MB + 5 % of the file", "MB", limit=1.0
    )
    memory.add(result.peak_bytes / MB, limits.memory_allowance(size) / MB)
    bench.tell(f"a dump of {size / MB:.0f} MB took {result.seconds:.2f} s")
    return path


def checks(bench, path, major):
    """The time and the memory of `heapdump check`."""
    size = os.path.getsize(path)
    check = lambda: run([bench.heapdump, "check", path], for_memory=True)
    # Before anything is measured, both for the page cache.
    cat = lambda: run(["sh", "-c", 'cat "$1" >/dev/null', "sh", path])
    cat(), check()

    against_parse = bench.compare(
        f"check of {size / MB:.0f} MB", f"JSON.parse, Node {major}", "s", limit=limits.CHECK_OVER_JSON_PARSE
    )
    against_cat = bench.compare(f"check of {size / MB:.0f} MB", "cat FILE >/dev/null", "s")
    memory = bench.compare("memory of that check", "16 MB + 5 % of the file", "MB", limit=1.0)
    rates = []

    def measure(comparison, pairs, reference):
        for ours, other in alternated(pairs, check, reference):
            comparison.add(ours.seconds, other)
            memory.add(ours.peak_bytes / MB, limits.memory_allowance(size) / MB)
            rates.append(size / ours.cpu_seconds)
        bench.tell(f"check {median(comparison.ours):.2f} s, {comparison.against} {median(comparison.reference):.2f} s")

    measure(against_parse, bench.pairs, lambda: run([bench.nodes[major], JSON_PARSE, path]).json())
    measure(against_cat, bench.pairs * CHECKS_FOR_EACH_PAIR, lambda: cat().seconds)
    bench.facts.append(
        (
            "check: rate",
            f"{median(rates) / 1e9:.2f} GB a second of CPU time, {max(rates) / 1e9:.2f} at best "
            f"(the aim: {limits.CHECK_BYTES_PER_CPU_SECOND / 1e9:.0f})",
        )
    )


def starts(bench, major):
    """The time that the program needs to start, seen by how fast it says its version."""
    ours = lambda: run([bench.heapdump, "--version"]).seconds
    node = lambda: run([bench.nodes[major], "--version"]).seconds
    ours(), node()
    comparison = bench.compare(
        "start (--version)", f"node --version, Node {major}", "ms", limit=limits.START_OVER_NODE_START
    )
    for our_seconds, its_seconds in alternated(STARTS, ours, node):
        comparison.add(our_seconds * 1000, its_seconds * 1000)
    bench.tell(f"start {median(comparison.ours):.1f} ms, Node {major} {median(comparison.reference):.1f} ms")


def memory_floor():
    """The peak that a program seems to have which needs none: below it, Run.peak_bytes tells nothing."""
    return run(["true"], for_memory=True).peak_bytes
