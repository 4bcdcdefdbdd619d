"""Programs whose limits leave them a little more than they have: dumped or refused, and never harmed."""

import os
import time
from collections import Counter
from dataclasses import dataclass, field

import checked
import dump
import report
from margins import RANGES, USER, Limits, any_margins, as_user
from measuring.repository import TARGETS
from target import TargetDied, await_nothing_left, target
from task_group import both_groups, launcher

# Dumped, or refused with a reason: not possible here, the copy ended in time, too little memory, something in the way.
SAFE_STATUSES = {0, 69, 71, 72, 75}
METHODS = ["auto"] * 5 + ["inspector", "fork"]
# A limit may be too low for the program itself: then it ends without any dump.
WATCH_SECONDS = 0.3
RETRIES = 20
NOT_JUDGED = "memory"


@dataclass(frozen=True)
class LimitedProgram:
    name: str
    file: str
    arguments: tuple
    # Resources of which the program itself takes no more while it works.
    resources: tuple = tuple(RANGES)
    # Whether it says what was wrong with its own results.
    is_checking: bool = False
    clients = None

    @property
    def command(self):
        return [os.path.join(TARGETS, self.file), *self.arguments]


STEADY = "fs.stat,fs.stat bigint,fs.fstat,fs.lstat,timers,promises,clocks,-setTimeout"
PROGRAMS = [
    LimitedProgram("limits: server", "just-grown.js", ("1000",)),
    LimitedProgram("limits: descriptors", "holds-descriptors.js", ()),
    # Its heap grows and shrinks, and would meet a limit of memory by itself.
    LimitedProgram("limits: checks", "checks-its-results.js", ("1000", STEADY), ("descriptors", "tasks", "processes"), True),
]


@dataclass
class LimitsRow(report.Row):
    # How the dumps ended, by exit status.
    endings: Counter = field(default_factory=Counter)


class EndedByItself(Exception):
    """Before any dump."""


def dump_often(heapdump, node, major, program, dumps, directory, chance):
    """Each in a new process with other limits."""
    row = LimitsRow(major, program.name)
    path = os.path.join(directory, "dump.heapsnapshot")
    for _ in range(dumps):
        for _ in range(RETRIES):
            margins, method = any_margins(chance, program.resources), chance.choice(METHODS)
            try:
                dump_once(row, heapdump, node, program, margins, method, path)
                break
            except EndedByItself:
                row.endings["ended without a dump"] += 1
        else:
            row.fail("untried", f"{RETRIES} processes ended by their limits, before any dump")
    return row


def dump_once(row, heapdump, node, program, margins, method, path):
    user = USER if margins.processes is not None and os.getuid() == 0 else None
    with both_groups() as (memory, tasks), target(node, program, launcher(memory, tasks) + as_user(user)) as process:
        before = process.settled_state()
        limits = Limits(margins, process.pid, user, memory, tasks)
        limits.lower()
        time.sleep(WATCH_SECONDS)
        if process.process.poll() is not None:
            raise EndedByItself
        told = f"{method} with {margins} left"
        taken = None
        try:
            taken = dump.take(heapdump, process, path, method=method, expected=None)
            row.endings[taken.exit_status] += 1
            row.dumps.append(taken)
            process.expect_alive()
            limits.lift()
            found = judge(taken)
            if program.is_checking:
                checked.await_all_checked(process)
                found += checked.wrong_results(process.ask("/check"))
                process.rest()
            found += await_nothing_left(process, before, not_judged=NOT_JUDGED).items()
            process.ask_text("/")
        except TargetDied as error:
            said = f"heapdump: {taken.exit_status}, {taken.text}" if taken else ""
            found = [(f"DEATH: {margins.names}", f"{error}; {said}; its standard error: {process.errors()}")]
    for kind, text in found:
        row.fail(kind, f"{told}: {text}")


def judge(taken):
    """Kinds and sentences of what is wrong with how a dump ended."""
    if taken.exit_status not in SAFE_STATUSES or taken.exit_status == 0:
        return [(taken.failure, taken.text)] if taken.failure else []
    return [] if taken.text.strip() else [("no reason", f"exit status {taken.exit_status}, and not a word")]
