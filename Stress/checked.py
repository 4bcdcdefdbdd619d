"""Programs that check every result of their own calls, while they are dumped."""

import os
import time
from dataclasses import dataclass

import dump
import report
from measuring.repository import TARGETS
from programs import KNOWN_OBJECTS
from target import PATIENCE_SECONDS, TargetDied, await_nothing_left, target, unharmed

# heapdump changes most in a process at its first dump, which loads the agent.
FORKS_FOR_EACH_TARGET = 2
# A young process still grows by its own work.
NOT_JUDGED = "memory"


@dataclass(frozen=True)
class CheckedProgram:
    name: str
    # Names of groups in Tests/Targets/checks, or of kinds of checks: all if there are none.
    checks: tuple = ()
    clients = None

    @property
    def command(self):
        return [os.path.join(TARGETS, "checks-its-results.js"), str(KNOWN_OBJECTS), ",".join(self.checks)]


# Few kinds at a time, so that the calls of each are under way at any moment; and all together. Hooks slow every other call
# down, and are left out elsewhere.
CHECKED = [
    CheckedProgram("checks: stat", ("fs.stat",)),
    CheckedProgram("checks: readFile", ("fs.readFile",)),
    CheckedProgram("checks: all", ("-promise-hooks",)),
    CheckedProgram("checks: stats", ("stats",)),
    CheckedProgram("checks: files", ("files", "directories", "watches")),
    CheckedProgram("checks: bigint", ("fs.stat bigint", "fs.fstat bigint", "fs.lstat")),
    CheckedProgram("checks: network", ("sockets", "names", "child-processes")),
    CheckedProgram("checks: thread pool", ("cryptography", "compression")),
    CheckedProgram("checks: order", ("timers", "promises", "worker-threads", "async-hooks", "promise-hooks")),
    CheckedProgram("checks: state", ("clocks", "usage", "language", "errors", "process-state")),
    CheckedProgram("checks: hooks", ("module-hooks", "errors", "async-hooks", "files")),
]


def dump_often(heapdump, node, major, program, dumps, directory):
    """Takes so many forked dumps, in processes that are replaced by new ones soon; and one in each process itself."""
    row = report.Row(major, program.name)
    path = os.path.join(directory, "dump.heapsnapshot")
    for first in range(0, dumps, FORKS_FOR_EACH_TARGET):
        methods = [dump.FORK] * min(FORKS_FOR_EACH_TARGET, dumps - first) + ["inspector"]
        try:
            with target(node, program) as process:
                dump_in_target(row, heapdump, process, methods, path)
        except TargetDied as error:
            row.fail("DEATH", str(error))
    return row


def dump_in_target(row, heapdump, process, methods, path):
    process.rest()
    before = process.settled_state()
    process.work()
    for method in methods:
        row.other_gaps.append(process.worst_gap())
        taken = dump.take(heapdump, process, path, method=method, expected=method)
        row.gaps.append(process.worst_gap())
        row.dumps.append(taken)
        if taken.failure:
            row.fail(taken.failure, taken.text)
    await_all_checked(process)
    facts = process.rest()
    found = await_nothing_left(process, before, not_judged=NOT_JUDGED)
    found.update(unharmed(facts, None, quiet_forks_only=False))
    for kind, text in [*found.items(), *wrong_results(process.ask("/check"))]:
        row.fail(kind, text)
    process.expect_alive()


def await_all_checked(process):
    """Waits until every check has been made, on a slow machine too."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not all(process.ask("/check")["done"].values()) and time.monotonic() < end:
        time.sleep(0.1)


def wrong_results(checks):
    """What the program says of its checks: kinds and sentences. A check that was never made cannot fail, and is one."""
    done, wrong = checks["done"], checks["wrong"]
    found = [(f"wrong {kind}", f"{each['count']} of {done.get(kind, 0)}: {each['first']}") for kind, each in wrong.items()]
    return found + [("unchecked", f"{kind} was never checked") for kind, count in done.items() if not count]
