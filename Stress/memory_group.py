"""A memory control group of our own, of either version, for programs near their limit."""

import contextlib
import os
import time
import uuid

OLD = "/sys/fs/cgroup/memory"
UNIFIED = "/sys/fs/cgroup"
PAGE = os.sysconf("SC_PAGE_SIZE")
# A process that has just started still grows by itself: its use must not have grown for so long.
REST_SECONDS = 1
PATIENCE_SECONDS = 60
SMALL_BYTES = 256 << 10


class Unavailable(Exception):
    """There is no memory controller, or no right to make groups."""


class MemoryGroup:
    def __init__(self, path, is_old):
        self.path = path
        self.is_old = is_old

    @property
    def launcher(self):
        """Puts itself into the group and becomes what follows it."""
        return ["sh", "-c", f"echo $$ > '{self.path}/cgroup.procs' && exec \"$@\"", "sh"]

    def number(self, name):
        with open(os.path.join(self.path, name)) as file:
            return int(file.read())

    @property
    def usage(self):
        return self.number("memory.usage_in_bytes" if self.is_old else "memory.current")

    @property
    def kills(self):
        """How often the kernel has killed in it."""
        with open(os.path.join(self.path, "memory.oom_control" if self.is_old else "memory.events")) as file:
            facts = dict(line.split() for line in file)
        return int(facts.get("oom_kill", 0))

    def leave(self, megabytes):
        """Limits it to what it holds once that has come to rest, and so much more. Returns the limit."""
        self.await_rest()
        limit = (self.usage + (megabytes << 20)) // PAGE * PAGE
        self.limit(limit)
        return limit

    def limit(self, value):
        with open(os.path.join(self.path, "memory.limit_in_bytes" if self.is_old else "memory.max"), "w") as file:
            file.write(str(value))

    def lift(self):
        self.limit(-1 if self.is_old else "max")

    def await_rest(self):
        most, since = 0, time.monotonic()
        end = since + PATIENCE_SECONDS
        while time.monotonic() - since < REST_SECONDS and time.monotonic() < end:
            usage = self.usage
            if usage > most + SMALL_BYTES:
                since = time.monotonic()
            most = max(most, usage)
            time.sleep(0.02)


@contextlib.contextmanager
def memory_group():
    is_old = os.path.exists(os.path.join(OLD, "memory.limit_in_bytes"))
    with new_group(OLD if is_old else UNIFIED) as path:
        group = MemoryGroup(path, is_old)
        try:
            group.usage  # noqa: B018
        except OSError as error:
            raise Unavailable(f"{path} has no memory controller: {error}") from error
        yield group


@contextlib.contextmanager
def new_group(parent):
    """The path of a control group that is gone with the block."""
    path = os.path.join(parent, f"heapdump-stress-{uuid.uuid4().hex}")
    try:
        os.mkdir(path)
    except OSError as error:
        raise Unavailable(f"no control group can be made: {error}") from error
    try:
        yield path
    finally:
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            try:
                os.rmdir(path)
                break
            except OSError:
                # Those that have ended are still in it for a moment.
                time.sleep(0.02)
