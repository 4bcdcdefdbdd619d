"""What /proc tells of processes and of the machine."""

import os
import re
from dataclasses import dataclass

PAGE = os.sysconf("SC_PAGE_SIZE")


def field(path, name):
    """The number after a name in a file of /proc; 0 if the process has ended, or has no such line."""
    try:
        with open(path, errors="replace") as file:
            found = re.search(rf"^{name}:\s+(\d+)", file.read(), re.MULTILINE)
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return int(found.group(1)) if found else 0


def available_memory():
    """Bytes that programs can have without swapping."""
    return field("/proc/meminfo", "MemAvailable") * 1024


def process_ids():
    return [int(entry) for entry in os.listdir("/proc") if entry.isdigit()]


@dataclass
class Stat:
    pid: int
    name: str
    # A letter: "Z" is a zombie.
    state: str
    parent: int
    # Of all its threads, in user space and in the kernel.
    cpu_seconds: float


def stat(pid):
    """Raises FileNotFoundError or ProcessLookupError if there is no such process."""
    with open(f"/proc/{pid}/stat", errors="replace") as file:
        text = file.read()
    # The name may have parentheses and spaces in it.
    start, end = text.index("("), text.rindex(")")
    fields = text[end + 2 :].split()
    ticks = int(fields[11]) + int(fields[12])
    return Stat(pid, text[start + 1 : end], fields[0], int(fields[1]), ticks / os.sysconf("SC_CLK_TCK"))


def children(pid):
    """The Stat of each child, zombies too."""
    found = []
    for each in process_ids():
        try:
            child = stat(each)
        except (FileNotFoundError, ProcessLookupError):
            continue
        if child.parent == pid:
            found.append(child)
    return found


def address_space(pid):
    """Bytes. Raises FileNotFoundError or ProcessLookupError if there is no such process."""
    return pages(pid)[0] * PAGE


def resident_bytes(pid):
    """Raises FileNotFoundError or ProcessLookupError if there is no such process."""
    return pages(pid)[1] * PAGE


def pages(pid):
    with open(f"/proc/{pid}/statm") as file:
        return list(map(int, file.read().split()))


def anonymous_bytes(pid):
    """Resident memory that is not a file's; 0 if the process has ended."""
    return field(f"/proc/{pid}/status", "RssAnon") * 1024


def proportional_bytes(pid):
    """Resident memory, of which a page that several processes share counts in parts to each (PSS); 0 if it has ended."""
    return field(f"/proc/{pid}/smaps_rollup", "Pss") * 1024


def peak_bytes(pid):
    """The most resident memory so far, or since forget_peak; 0 if the process has ended."""
    return field(f"/proc/{pid}/status", "VmHWM") * 1024


def forget_peak(pid):
    """Has the kernel measure peak_bytes anew (proc(5), clear_refs)."""
    with open(f"/proc/{pid}/clear_refs", "w") as file:
        file.write("5")
