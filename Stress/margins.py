"""Limits that leave a process a little more than it has: what may be free of each resource, and how it is limited."""

import os
import subprocess
from dataclasses import dataclass
from typing import Optional

import process_state
from measuring import proc

MIB = 1 << 20
# Each limit alone mostly, for what is to be learnt of it; at times several at once.
SEVERAL_SHARE = 0.25
RANGES = {
    "descriptors": (0, 40),
    "tasks": (0, 12),
    # RLIMIT_NPROC, of a user that is not root.
    "processes": (0, 12),
    "address_space": (0, 1536),
    "memory": (4, 200),
}
# As often as not so little that it matters: a stack of a thread, an arena of the C library.
LITTLE_ADDRESS_SPACE = 160
# Nobody's, but for root's processes that take it.
USER = 61_234


@dataclass(frozen=True)
class Margins:
    """What is left; None for what is not limited. Address space and memory in MiB."""

    descriptors: Optional[int] = None
    tasks: Optional[int] = None
    processes: Optional[int] = None
    address_space: Optional[int] = None
    memory: Optional[int] = None

    def __str__(self):
        given = ((name.replace("_", " "), getattr(self, name)) for name in RANGES)
        return ", ".join(f"{value} {name}" for name, value in given if value is not None)

    @property
    def names(self):
        return " + ".join(name.replace("_", " ") for name in RANGES if getattr(self, name) is not None)


def any_margins(chance, names):
    """Random ones of the resources that are named."""
    count = chance.randint(2, min(3, len(names))) if len(names) > 1 and chance.random() < SEVERAL_SHARE else 1
    margins = {name: chance.randint(*RANGES[name]) for name in chance.sample(sorted(names), count)}
    if "address_space" in margins and chance.random() < 0.5:
        margins["address_space"] = chance.randint(0, LITTLE_ADDRESS_SPACE)
    return Margins(**margins)


def as_user(user):
    """What runs a program as that user; nothing for None."""
    return ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"] if user else []


class Limits:
    """Margins of a process that are put into force, and lifted."""

    def __init__(self, margins, pid, user, memory, tasks):
        self.margins, self.pid, self.user, self.memory, self.tasks = margins, pid, user, memory, tasks

    def lower(self):
        margins = self.margins
        if margins.memory is not None:
            self.memory.leave(margins.memory)
        if margins.tasks is not None:
            self.tasks.leave(margins.tasks)
        if margins.descriptors is not None:
            self.set("nofile", descriptor_limit(process_state.descriptor_numbers(self.pid), margins.descriptors))
        if margins.processes is not None:
            self.set("nproc", process_state.threads_of_user(self.user or os.getuid()) + margins.processes)
        if margins.address_space is not None:
            self.set("as", proc.address_space(self.pid) + margins.address_space * MIB)

    def lift(self):
        self.memory.lift()
        self.tasks.lift()
        for name in ("nofile", "nproc", "as"):
            self.set(name, process_state.hard_limit(self.pid, name))

    def set(self, name, value):
        """The soft limit alone: the hard one could not be raised again."""
        command = [*as_user(self.user), "prlimit", "--pid", str(self.pid), f"--{name}={value}:"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def descriptor_limit(numbers, free):
    """The limit below which so many numbers are free."""
    used, limit = set(numbers), 0
    while free or limit in used:
        free -= limit not in used
        limit += 1
    return limit
