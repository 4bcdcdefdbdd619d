#!/usr/bin/env python3
"""Dumps Node programs while they work hard, while they check the results of their own calls, and under random limits, and kills
heapdump and the copies at random moments. Run by `make stress`. Every dump must be valid and hold exactly the objects that
are known to be alive, and every program must continue as if nothing had happened.

Exit status: 0 when all is well, 1 when not, 2 when something could not be tried.
"""

import argparse
import os
import random
import sys
import tempfile
import time

import checked
import dump
import kills
import limited
import limits
import report
from measuring.processes import Failure, end_by_exception
from measuring.repository import HEAPDUMP, NODES, node_path, temporary_directory
from memory_group import Unavailable
from programs import PROGRAMS, JustGrown, shares
from target import TargetDied, await_nothing_left, target, unharmed

# So that the dumps find the program in other states of its work.
LONGEST_BREAK_SECONDS = 0.2


def tell(text):
    print(f"stress: {text}", file=sys.stderr, flush=True)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--heapdump", default=HEAPDUMP, metavar="PATH")
    parser.add_argument("--nodes", nargs="+", default=NODES, metavar="MAJOR")
    parser.add_argument("--dumps", type=int, default=200, help="for each Node, over all programs (default: %(default)s)")
    parser.add_argument(
        "--grown", type=int, default=25, help="dumps of processes whose heap has just grown, for each Node (default: %(default)s)"
    )
    parser.add_argument(
        "--limited", type=int, default=20, help="dumps of processes near their memory limit, for each Node (default: %(default)s)"
    )
    parser.add_argument("--kills", type=int, default=50, help="of heapdump, and of copies, over all Nodes (default: %(default)s)")
    parser.add_argument(
        "--checked", type=int, default=200, help="dumps of programs that check all their results, for each Node (default: %(default)s)"
    )
    parser.add_argument(
        "--limits", type=int, default=300, help="dumps of processes under random limits, over all Nodes (default: %(default)s)"
    )
    parser.add_argument("--only", metavar="NAME", help="one program: " + ", ".join(program.name for program in [*PROGRAMS, *checked.CHECKED, *limits.PROGRAMS]))
    parser.add_argument("--method", choices=["fork", "ptrace"], default="fork", help="how forked copies are made (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32), help="of what is random")
    arguments = parser.parse_args()
    if min(arguments.dumps, arguments.kills, arguments.grown, arguments.limited, arguments.checked, arguments.limits) < 0:
        parser.error("--dumps, --grown, --limited, --checked, --limits and --kills: at least 0")
    arguments.programs = [program for program in PROGRAMS if arguments.only in (None, program.name)]
    arguments.checked_programs = [program for program in checked.CHECKED if arguments.only in (None, program.name)]
    arguments.limits_programs = [program for program in limits.PROGRAMS if arguments.only in (None, program.name)]
    if not arguments.programs + arguments.checked_programs + arguments.limits_programs:
        parser.error(f"--only: there is no program {arguments.only}")
    return arguments


def dump_program(heapdump, node, major, program, dumps, directory, chance):
    """Takes all dumps of one program in one process of it."""
    row = report.Row(major, program.name)
    path = os.path.join(directory, "dump.heapsnapshot")
    try:
        with target(node, program, program.launcher) as process:
            # All that it opens once is open then, and its heap has its size.
            process.warm_up()
            process.rest()
            before = process.settled_state()
            process.work()
            for _ in range(dumps):
                time.sleep(chance.uniform(0, LONGEST_BREAK_SECONDS))
                row.other_gaps.append(process.worst_gap())
                taken = dump.take(heapdump, process, path)
                row.gaps.append(process.worst_gap())
                row.dumps.append(taken)
                if taken.failure:
                    row.fail(taken.failure, taken.text)
            for kind, text in after_dumps(process, before, row).items():
                row.fail(kind, text)
    except TargetDied as error:
        row.fail("DEATH", str(error))
    return row


def dump_when_grown(heapdump, node, major, dumps, directory, chance):
    """Takes one dump of each of many processes, before V8 comes to rest in them."""
    row = report.Row(major, JustGrown.name)
    path = os.path.join(directory, "dump.heapsnapshot")
    for _ in range(dumps):
        program = JustGrown.of_any_size(major, chance)
        try:
            with target(node, program) as process:
                taken = dump.take(heapdump, process, path)
                row.dumps.append(taken)
                if taken.failure:
                    row.fail(taken.failure, f"{program.objects} objects: {taken.text}")
                process.expect_alive()
        except TargetDied as error:
            row.fail("DEATH", str(error))
    return row


def after_dumps(process, before, row):
    facts = process.rest()
    # With its clients connected, as before.
    found = await_nothing_left(process, before)
    clients = process.stop_clients()
    # A second fork may have been one at a moment that was not calm.
    were_quiet = all(dump.forks == 1 and not dump.was_forced for dump in row.dumps)
    found.update(unharmed(facts, clients, were_quiet))
    process.expect_alive()
    return found


def stress(arguments, directory):
    chance = random.Random(arguments.seed)
    nodes = {major: node_path(major) for major in arguments.nodes}
    rows = []

    def add(row):
        rows.append(row)
        tell(f"Node {row.node}, {row.program}: {report.summary([row])}")
        for kind, text in row.failures:
            tell(f"Node {row.node}, {row.program}: {kind}: {text}")

    for major, node in nodes.items():
        for program, dumps in shares(arguments.checked, arguments.checked_programs):
            if dumps:
                add(checked.dump_often(arguments.heapdump, node, major, program, dumps, directory))
        for program, dumps in shares(arguments.dumps, arguments.programs):
            if dumps:
                add(dump_program(arguments.heapdump, node, major, program, dumps, directory, chance))
        if arguments.grown:
            add(dump_when_grown(arguments.heapdump, node, major, arguments.grown, directory, chance))
        if arguments.limited:
            for program in [limited.NEAR_LIMIT, *limited.REWRITING]:
                add(limited.dump_often(arguments.heapdump, node, major, program, arguments.limited, directory))
    for (major, node), count in shares(arguments.limits, list(nodes.items())):
        for program, dumps in shares(count, arguments.limits_programs):
            if dumps:
                add(limits.dump_often(arguments.heapdump, node, major, program, dumps, directory, chance))
    for victim in (kills.HeapdumpKill, kills.CopyKill):
        for (major, node), count in shares(arguments.kills, list(nodes.items())):
            if count:
                add(kills.kill_often(victim, arguments.heapdump, node, major, count, directory, chance))
    return rows


def main():
    arguments = parse_arguments()
    end_by_exception()
    dump.FORK = arguments.method
    tell(f"seed {arguments.seed}")
    with temporary_directory("stress") as directory, tempfile.TemporaryDirectory(prefix="stress-") as scratch:
        # Programs that are killed leave their files behind; some belong to another user.
        os.chmod(scratch, 0o1777)
        os.environ["TMPDIR"] = scratch
        try:
            rows = stress(arguments, directory)
        except (Failure, Unavailable, OSError) as error:
            tell(error)
            return 2
    print(report.tables(rows))
    print(f"\n{report.summary(rows)}\n{report.legend()}")
    return 1 if any(row.failures for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
