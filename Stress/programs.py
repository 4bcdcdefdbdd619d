"""The programs that are dumped while they work."""

import os
from dataclasses import dataclass, field
from typing import List, Optional

from measuring.repository import TARGETS

# Small enough for hundreds of dumps, and not so small that V8 is done at once.
KNOWN_OBJECTS = 3000


@dataclass(frozen=True)
class Program:
    name: str
    file: str
    arguments: List[str] = field(default_factory=list)
    # A program of clients that are told the port; each of their errors is a failure.
    clients: Optional[str] = None
    # A library that takes the place of the C library's allocator, as LD_PRELOAD names it.
    preload: Optional[str] = None

    @property
    def launcher(self):
        """Becomes Node."""
        return ["env", f"LD_PRELOAD={self.preload}"] if self.preload else []

    @property
    def path(self):
        return os.path.join(TARGETS, self.file)

    @property
    def clients_path(self):
        return os.path.join(TARGETS, self.clients)

    @property
    def command(self):
        return [self.path, str(KNOWN_OBJECTS), *self.arguments]


CLIENTS = Program("clients", "serves-clients.js", clients="keeps-asking.js")

PROGRAMS = [
    Program("garbage", "makes-garbage.js"),
    Program("growth", "grows-its-heap.js"),
    Program("workers", "busy-workers.js"),
    # No moment is ever calm.
    Program("restless workers", "busy-workers.js", ["0"]),
    CLIENTS,
    Program("thread pool", "uses-thread-pool.js"),
    Program("children", "starts-children.js"),
    Program("garbage, jemalloc", "makes-garbage.js", preload="libjemalloc.so.2"),
    Program("thread pool, tcmalloc", "uses-thread-pool.js", preload="libtcmalloc_minimal.so.4"),
    Program("clients, mimalloc", "serves-clients.js", clients="keeps-asking.js", preload="libmimalloc.so.2.0"),
]


@dataclass(frozen=True)
class JustGrown(Program):
    """Dumped once in the moment in which its heap has grown; the next dump is of another process, of another size."""

    name: str = "just grown"
    file: str = "just-grown.js"
    objects: int = 0

    # Fewer where V8 takes minutes for more.
    SIZES = {"18": (50_000, 300_000), "20": (50_000, 300_000)}
    OTHER_SIZES = (50_000, 900_000)

    @classmethod
    def of_any_size(cls, major, chance):
        return cls(objects=chance.randint(*cls.SIZES.get(major, cls.OTHER_SIZES)))

    @property
    def command(self):
        return [self.path, str(self.objects)]


def shares(dumps, programs):
    """How many of `dumps` each of the programs gets; the first ones get what is left over."""
    each, rest = divmod(dumps, max(len(programs), 1))
    return [(program, each + (1 if number < rest else 0)) for number, program in enumerate(programs)]
