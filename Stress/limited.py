"""Programs in a memory control group that leaves them little: dumped or refused, and never killed."""

import os
from collections import Counter
from dataclasses import dataclass, field

import dump
import report
from measuring.repository import TARGETS
from memory_group import memory_group
from target import TargetDied, target

# What heapdump may end with where the program changes all of its memory while its copy lives: dumped, the copy ended in time,
# refused.
SAFE_STATUSES = {0, 71, 72}


@dataclass(frozen=True)
class LimitedProgram:
    name: str
    file: str
    arguments: list
    megabytes_left: int
    # Whether every dump must succeed, with exact counts.
    is_dumped_always: bool
    clients = None

    @property
    def command(self):
        return [os.path.join(TARGETS, self.file), *self.arguments]


NEAR_LIMIT = LimitedProgram("40 MiB left", "just-grown.js", ["250000"], 40, True)
REWRITING = [
    LimitedProgram(f"rewriting, {left} MiB left", "rewrites-its-heap.js", ["60"], left, False) for left in (12, 20, 40)
]


@dataclass
class LimitedRow(report.Row):
    # How the dumps ended, by exit status.
    endings: Counter = field(default_factory=Counter)


def dump_often(heapdump, node, major, program, dumps, directory):
    """Each in a new process in a new group."""
    row = LimitedRow(major, program.name)
    path = os.path.join(directory, "dump.heapsnapshot")
    for _ in range(dumps):
        try:
            with memory_group() as group, target(node, program, group.launcher) as process:
                group.leave(program.megabytes_left)
                taken = dump.take(heapdump, process, path, method="auto")
                row.endings[taken.exit_status] += 1
                row.dumps.append(taken)
                judge(row, program, taken, group)
                process.expect_alive()
                process.ask_text("/")
        except TargetDied as error:
            row.fail("DEATH", str(error))
    return row


def judge(row, program, taken, group):
    if program.is_dumped_always:
        if taken.failure:
            row.fail(taken.failure, taken.text)
        if group.kills:
            row.fail("kill", f"the kernel has killed {group.kills} times in the program's group")
    elif taken.exit_status not in SAFE_STATUSES:
        row.fail(taken.failure or "status", taken.text)
