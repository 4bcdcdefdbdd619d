"""What /proc tells of a process: what a dump could leave behind."""

import os
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import List, Set

from measuring import proc

LISTENING = "0A"
# How the agent's file is called by heapdump. Its directory is gone, or, if heapdump was killed, goes with the next dump.
AGENT_FILE = re.compile(r"/snapshot-agent-[^/]+/[^/]+( \(deleted\))?$")


@dataclass
class State:
    # How many descriptors of each kind: "socket", "pipe", "anon_inode", or a path.
    descriptors: Counter
    threads: int
    # "PID NAME STATE" of each, zombies too.
    children: List[str]
    ports: Set[int]
    resident_bytes: int
    # Names, without the agent's: that one stays.
    mapped_files: Set[str] = field(default_factory=set)


def read(pid):
    descriptors, sockets = descriptors_of(pid)
    return State(
        descriptors,
        len(os.listdir(f"/proc/{pid}/task")),
        children_of(pid),
        listening_ports(pid, sockets),
        proc.resident_bytes(pid),
        mapped_files(pid),
    )


def descriptors_of(pid):
    kinds, sockets = Counter(), set()
    directory = f"/proc/{pid}/fd"
    for number in os.listdir(directory):
        try:
            link = os.readlink(f"{directory}/{number}")
        except FileNotFoundError:
            continue
        kind, colon, inode = link.partition(":[")
        if kind == "socket":
            sockets.add(inode.rstrip("]"))
        kinds[kind if colon else link] += 1
    return kinds, sockets


def children_of(pid):
    return [f"{child.pid} {child.name} {child.state}" for child in proc.children(pid)]


def copies_of(pid):
    """Process ids of forked copies; the ones that live."""
    return [child.pid for child in proc.children(pid) if child.name == "heapdump-fork" and child.state != "Z"]


def descriptor_numbers(pid):
    return [int(number) for number in os.listdir(f"/proc/{pid}/fd")]


def threads_of_user(user):
    """As RLIMIT_NPROC counts them."""
    count = 0
    for pid in proc.process_ids():
        try:
            if os.stat(f"/proc/{pid}").st_uid == user:
                count += len(os.listdir(f"/proc/{pid}/task"))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return count


# As prlimit calls them, and as the kernel does.
LIMITS = {"nofile": "Max open files", "nproc": "Max processes", "as": "Max address space"}


def hard_limit(pid, name):
    """prlimit's way to say it."""
    with open(f"/proc/{pid}/limits") as file:
        line = next(line for line in file if line.startswith(LIMITS[name]))
    return line[len(LIMITS[name]) :].split()[1]


def listening_ports(pid, sockets):
    ports = set()
    for table in ("tcp", "tcp6"):
        with open(f"/proc/{pid}/net/{table}") as file:
            for line in file.readlines()[1:]:
                fields = line.split()
                if fields[3] == LISTENING and fields[9] in sockets:
                    ports.add(int(fields[1].rpartition(":")[2], 16))
    return ports


def mapped_files(pid):
    with open(f"/proc/{pid}/maps", errors="replace") as file:
        names = {line.split(maxsplit=5)[5].strip() for line in file if "/" in line}
    return {name for name in names if not AGENT_FILE.search(name)}


def guardians_of(pid):
    """Helpers of heapdump's that watch over the inspector of a process."""
    found = []
    for each in proc.process_ids():
        try:
            with open(f"/proc/{each}/cmdline", "rb") as file:
                arguments = file.read().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if b"guard-inspector" in arguments and str(pid).encode() in arguments:
            found.append(each)
    return found
