"""The snapshots that analyses are measured on. They take minutes to make, so they are kept from run to run."""

import hashlib
import os
import shutil
import sys

import real_heap
from limits import MB
from measuring.proc import available_memory
from measuring.processes import run

HERE = os.path.dirname(os.path.abspath(__file__))
BIG_HEAP = os.path.join(HERE, "big-heap.js")
SHAPES = os.path.join(HERE, "shapes.js")
SYNTHETIC = os.path.join(HERE, "synthetic_snapshot.py")
# V8 takes that many times the file to write it: measured were 7.
MEMORY_TO_WRITE = 8
# What DevTools takes to load it, and a margin.
MEMORY_TO_LOAD = 4
# Of the real heap's file, rounded up.
REAL_MB = 1200


class Cache:
    """Files by what is in them, by what made them, and by the version of that."""

    def __init__(self, directory, node, tell):
        self.directory = directory
        self.node = node
        self.tell = tell
        self.version = run([node, "--version"]).output.strip()

    def mixed(self, megabytes):
        """Of what applications hold."""
        # The heap is three quarters of the file.
        heap = max(2000, megabytes * 2)
        return self.made_by_node(f"mixed-{megabytes}MB", heap, "mixed", megabytes)

    def list(self, items):
        return self.made_by_node(f"list-{items}", 8000, "list", items)

    def array(self, items):
        return self.made_by_node(f"array-{items}", 8000, "array", items)

    def shape(self, shape, items):
        """One of shapes.js."""
        command = lambda path: [self.node, "--max-old-space-size=8000", SHAPES, shape, str(items), path]
        name = f"{shape.replace(' ', '-')}-{items}-node-{self.version}-{digest(SHAPES)}"
        return self.made(name, command)

    def classes(self, items):
        """V8 would take hours for so many."""
        command = lambda path: [sys.executable, "-B", SYNTHETIC, "classes", "--nodes", str(items), path]
        return self.made(f"classes-{items}-{digest(SYNTHETIC)}", command)

    def real(self, heapdump):
        """Of a large application at work: see real_heap.py."""
        command = lambda path: [sys.executable, "-B", real_heap.__file__, self.node, heapdump, path]
        return self.made(self.name_of_real(), command)

    def name_of_real(self):
        return f"{real_heap.NAME}-node-{self.version}-{digest(real_heap.__file__)}"

    def path_of_mixed(self, megabytes):
        return self.path(self.name_by_node(f"mixed-{megabytes}MB"))

    def made_by_node(self, name, heap_mb, shape, amount):
        command = lambda path: [self.node, f"--max-old-space-size={heap_mb}", BIG_HEAP, shape, str(amount), path]
        return self.made(self.name_by_node(name), command)

    def name_by_node(self, name):
        return f"{name}-node-{self.version}-{digest(BIG_HEAP)}"

    def path(self, name):
        return os.path.join(self.directory, f"{name}.heapsnapshot")

    def made(self, name, command):
        path = self.path(name)
        if not os.path.exists(path):
            os.makedirs(self.directory, exist_ok=True)
            self.tell(f"making {os.path.basename(path)}")
            part = f"{path}.{os.getpid()}.partial"
            try:
                run(command(part))
                # Whole, or not there: the next run believes it.
                os.rename(part, path)
            finally:
                if os.path.exists(part):
                    os.remove(part)
        return path

    def lack_for_real(self):
        return self.lack_at(self.path(self.name_of_real()), REAL_MB)

    def lack(self, megabytes):
        """What there is too little of for a mixed snapshot of that size; None where it can be measured."""
        return self.lack_at(self.path_of_mixed(megabytes), megabytes)

    def lack_at(self, path, megabytes):
        is_there = os.path.exists(path)
        memory = megabytes * MB * (MEMORY_TO_LOAD if is_there else MEMORY_TO_WRITE)
        if available_memory() < memory:
            return f"{available_memory() / MB:.0f} MB of memory are available, it takes {memory / MB:.0f}"
        os.makedirs(self.directory, exist_ok=True)
        free = shutil.disk_usage(self.directory).free
        # For the file, and one that is written to see how large it becomes.
        if not is_there and free < 2 * megabytes * MB:
            return f"{free / MB:.0f} MB are left on the disk, it takes {2 * megabytes}"
        return None


def digest(path):
    """Of a program: another one makes other files."""
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()[:8]
