"""What the application notices of a dump by a forked copy, against `v8.writeHeapSnapshot`: for how long its event loop
stands still, and how much memory there is at most."""

import os
from dataclasses import dataclass
from statistics import median

import limits
import measurements
from limits import MB
from measuring.peak import peak_with_children
from measuring.proc import forget_peak, peak_bytes, resident_bytes
from measuring.processes import run
from target import target

HEAPS_MB = [50, 200, 500]
# Of each process. The in-process dump is taken once, after them: it leaves the process larger than it was.
FORKED_DUMPS = 3


@dataclass
class ForkedDump:
    gap_ms: float
    # What heapdump reports.
    stall_ms: float
    resident_bytes: int
    seconds: float
    file_bytes: int


def pauses(bench, major, heap_mb):
    """The event loop's worst gap, and the memory, at both kinds of dump of one process."""
    own = measurements.own_snapshot(bench)
    with target(bench.nodes[major], measurements.BIG_HEAP_SERVER, heap_mb, own) as server:
        dumps = [forked_dump(bench, server) for _ in range(FORKED_DUMPS)]
        # One more, watched by what would disturb the others.
        with peak_with_children(server.pid) as forked_peak:
            forked_dump(bench, server)
        server.ask("/worst-gap")
        forget_peak(server.pid)
        own_seconds = measurements.write_heap_snapshot(bench, server).seconds
        own_gap_ms = server.ask("/worst-gap")["milliseconds"]
        own_peak = peak_bytes(server.pid)
    size = f"Node {major}, heap of {heap_mb} MB"
    gap = bench.compare(f"gap, {size}", "v8.writeHeapSnapshot", "ms", limit=limits.gap_over_write_heap_snapshot(heap_mb))
    stall = bench.compare(
        f"stall, {size}", f"{limits.STALL_MS_PER_RESIDENT_MB} ms a MB of RSS", "ms", limit=1.0
    )
    memory = bench.compare(f"memory with copy, {size}", "v8.writeHeapSnapshot", "MB")
    wall = bench.compare(f"dump by fork, {size}", "v8.writeHeapSnapshot", "s")
    for dump in dumps:
        gap.add(dump.gap_ms, own_gap_ms)
        stall.add(dump.stall_ms, limits.STALL_MS_PER_RESIDENT_MB * dump.resident_bytes / MB)
        wall.add(dump.seconds, own_seconds)
    memory.add(forked_peak.bytes / MB, own_peak / MB)
    tell_stall(bench, size, dumps)
    # Most processes are dumped once.
    bench.facts.append((f"gap, {size}", f"{dumps[0].gap_ms:.0f} ms at the first dump, which loads the agent"))
    bench.tell(f"{size}: gap {median(gap.ours):.0f} ms, v8.writeHeapSnapshot {own_gap_ms:.0f} ms")


def forked_dump(bench, server):
    path = os.path.join(bench.directory, "forked.heapsnapshot")
    resident = resident_bytes(server.pid)
    server.ask("/worst-gap")
    result = run([bench.heapdump, "take", str(server.pid), "-m", "fork", "--json", "--output", path])
    gap_ms = server.ask("/worst-gap")["milliseconds"]
    size = os.path.getsize(path)
    os.remove(path)
    return ForkedDump(gap_ms, result.json()["pause_milliseconds"], resident, result.seconds, size)


def tell_stall(bench, size, dumps):
    rates = [dump.stall_ms / (dump.resident_bytes / MB) for dump in dumps]
    bench.facts.append(
        (
            f"stall, {size}",
            f"{median(rates):.3f} ms a MB of RSS, {min(rates):.3f} at best (the aim: {limits.STALL_AIM_MS_PER_RESIDENT_MB}), "
            f"with {median(dump.resident_bytes for dump in dumps) / MB:.0f} MB resident and a file of "
            f"{median(dump.file_bytes for dump in dumps) / MB:.0f} MB",
        )
    )
