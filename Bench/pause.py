"""What the application notices of a dump by a forked copy, against `v8.writeHeapSnapshot`: for how long its event loop
stands still, and how much memory there is at most."""

import os
import threading
from dataclasses import dataclass
from statistics import median

import limits
import measurements
from limits import MB
from measuring.processes import run
from proc import field
from target import target

HEAPS_MB = [50, 200, 500]
# Of each process. The in-process dump is taken once, after them: it leaves the process larger than it was.
FORKED_DUMPS = 3
# Reading how much memory is shared takes milliseconds for each GB.
SAMPLE_SECONDS = 0.1


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
        with PeakSampler(server.pid) as forked_peak:
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


class PeakSampler:
    """The most memory that a process and its children have together while the block runs. What they share is counted once,
    in parts to each (PSS). It looks now and then: a short peak may be missed."""

    def __init__(self, pid):
        self.pid = pid
        self.bytes = 0
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self.sample)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.is_over.set()
        self.thread.join()

    def sample(self):
        while True:
            self.bytes = max(self.bytes, sum(shared_in_parts(pid) for pid in [self.pid, *children(self.pid)]))
            if self.is_over.wait(SAMPLE_SECONDS):
                return


def children(pid):
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit() and field(f"/proc/{entry}/status", "PPid") == pid:
            found.append(int(entry))
    return found


def shared_in_parts(pid):
    return field(f"/proc/{pid}/smaps_rollup", "Pss") * 1024


def resident_bytes(pid):
    return field(f"/proc/{pid}/status", "VmRSS") * 1024


def peak_bytes(pid):
    return field(f"/proc/{pid}/status", "VmHWM") * 1024


def forget_peak(pid):
    """Has the kernel begin anew with what peak_bytes tells (proc(5), clear_refs)."""
    with open(f"/proc/{pid}/clear_refs", "w") as file:
        file.write("5")
