"""What the figures were measured on."""

import datetime
import os
import platform


def read(path):
    with open(path) as file:
        return file.read()


def facts():
    """Names and values, in the order in which they are shown."""
    one, five, fifteen = os.getloadavg()
    return [
        ("date", datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC")),
        ("CPU", f"{cpu_model()}, {os.cpu_count()} cores"),
        ("memory", f"{memory_bytes() / 2**30:.0f} GiB"),
        ("kernel", f"{platform.system()} {platform.release()} {platform.machine()}"),
        ("load average", f"{one:.2f} {five:.2f} {fifteen:.2f} at the start"),
    ]


def cpu_model():
    for line in read("/proc/cpuinfo").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def memory_bytes():
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def is_busy():
    """Whether more wants to run than there are cores."""
    return os.getloadavg()[0] > os.cpu_count()
